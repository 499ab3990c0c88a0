import { expect } from 'chai';
import { uuids } from '../../../src/adapters/clock.ts';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { createSnapshots } from '../../../src/adapters/postgres/snapshots.ts';
import { NOBODY, type ReadStore, type Scope, StoreUnavailable } from '../../../src/ports.ts';
import { testDatabase } from '../../support/stores/postgres.ts';
import { rejection } from '../../support/rejection.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { unchecked } from '../../support/stores/unchecked.ts';

const ALL: Scope = { kind: 'all', userId: NOBODY };
const SARI: Scope = { kind: 'division', division: 'sari', userId: NOBODY };

describe('a snapshot of the read tables', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let postgres: Postgres;
  before(async () => {
    database = await testDatabase();
    postgres = createPostgres({ url: database.url, logger: silentLogger() });
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  const add = (division: string) =>
    postgres.writes.query(
      unchecked({
        text: `insert into read.crm (division, ticket_id, crm) values ($1, $2, '{}')`,
        values: [division, uuids.next()],
      }),
    );
  async function counted(read: ReadStore, scope: Scope): Promise<number> {
    const [row] = await read.scoped(scope, (sql) =>
      sql.query(unchecked<{ n: number }>({ text: 'select count(*)::int as n from read.crm', values: [] })),
    );
    return row?.n ?? -1;
  }

  it('shows one moment, whatever the scope and however late it is asked', async () => {
    await add('sari');
    await add('savi');
    const snapshots = createSnapshots({ url: database.url, logger: silentLogger() });
    const seen = await snapshots.snapshot(async (read) => {
      const first = await counted(read, SARI);
      await add('sari');
      await add('savi');
      return [first, await counted(read, SARI), await counted(read, ALL)];
    });
    expect(seen).to.deep.equal([1, 1, 2]);
    expect(await counted(postgres.reads, ALL), 'outside of it').to.equal(4);
  });

  it('keeps a cursor from one query to the next', async () => {
    const snapshots = createSnapshots({ url: database.url, logger: silentLogger() });
    const rows = await snapshots.snapshot(async (read) => {
      const ask = (text: string, values: readonly unknown[] = []) =>
        read.scoped(ALL, (sql) => sql.query(unchecked({ text, values })));
      await ask('declare few no scroll cursor for select * from read.crm where division = $1', ['sari']);
      return [...(await ask('fetch 1 from few')), ...(await ask('fetch 1 from few'))];
    });
    expect(rows).to.have.lengthOf(2);
  });

  it('says that the store is away', async () => {
    const away = createSnapshots({
      url: 'postgres://nobody:nothing@127.0.0.1:1/nowhere',
      logger: silentLogger(),
    });
    expect(await rejection(away.snapshot((read) => counted(read, ALL)))).to.be.instanceOf(StoreUnavailable);
  });
});
