import { expect } from 'chai';
import pg from 'pg';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { StoreUnavailable, type Scope, type Sql, type Statement } from '../../../src/ports.ts';
import { eventually } from '../../support/eventually.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';
import { rejection } from '../../support/rejection.ts';
import { unchecked } from '../../support/stores/unchecked.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

const DIVISIONS = ['safia', 'sari', 'savi'];
const userId = '01890a5d-ac96-774b-bcce-b302099a8057';
const sari: Scope = { kind: 'division', division: 'sari', userId };
const all: Scope = { kind: 'all', userId };

const sql = <Row extends object>(text: string, ...values: unknown[]): Statement<Row> =>
  unchecked({ text, values });
const named = <Row extends object>(name: string, text: string, ...values: unknown[]): Statement<Row> =>
  unchecked({ name, text, values });

/** A partitioned table as the views have it, three tickets in each division. */
async function makeTable(database: TestDatabase): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`
    CREATE TABLE read.things (id int, division text NOT NULL, n bigint) PARTITION BY LIST (division);
    ${DIVISIONS.map((name) => `CREATE TABLE read.things_${name} PARTITION OF read.things FOR VALUES IN ('${name}');`).join('')}
    ALTER TABLE read.things ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY owner ON read.things TO CURRENT_USER USING (true) WITH CHECK (true);
    CREATE POLICY one ON read.things FOR SELECT TO saga_reader_division
      USING (division = nullif(current_setting('app.division', true), ''));
    CREATE POLICY every ON read.things FOR SELECT TO saga_reader_all USING (true);
    CREATE POLICY granted ON read.things FOR SELECT TO saga_reader_ticket
      USING (division = nullif(current_setting('app.division', true), '')
        AND id::text = nullif(current_setting('app.ticket', true), ''));
    GRANT SELECT ON read.things TO saga_reader_division, saga_reader_all, saga_reader_ticket;
    INSERT INTO read.things SELECT g, d, g * 3000000000 FROM unnest(ARRAY['sari', 'savi', 'safia']) d, generate_series(1, 3) g;`);
  await client.end();
}

async function asSuperuser(database: TestDatabase, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

const endEveryBackend = (database: TestDatabase) =>
  asSuperuser(
    database,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );

const visible = (on: Sql) =>
  on.query(
    sql<{ division: string; id: number }>('SELECT division, id FROM read.things ORDER BY division, id'),
  );

describe('postgres adapter', function () {
  this.timeout(60_000);
  const logger = silentLogger();
  let database: TestDatabase;
  let postgres: Postgres;

  beforeEach(async () => {
    database = await testDatabase();
    await makeTable(database);
    postgres = createPostgres({ url: database.url, logger, poolSize: 2 });
  });
  afterEach(async () => {
    await postgres.close();
    await database.drop();
  });

  describe('scoped reads', () => {
    it('shows a query without any filter only what the scope may see', async () => {
      const { reads } = postgres;
      expect((await reads.scoped(sari, visible)).map((row) => row.division)).to.deep.equal([
        'sari',
        'sari',
        'sari',
      ]);
      expect(await reads.scoped(all, visible)).to.have.length(9);
      const ticket: Scope = { kind: 'ticket', division: 'savi', ticketId: '2', userId };
      expect(await reads.scoped(ticket, visible)).to.deep.equal([{ division: 'savi', id: 2 }]);
    });

    it('runs as the reader role, read-only, with settings that end with the transaction', async () => {
      const look = `SELECT current_user AS role, current_setting('app.division', true) AS division,
        current_setting('app.user', true) AS "user", current_setting('transaction_read_only') AS readonly`;
      const [row] = await postgres.reads.scoped(sari, (on) => on.query(sql<object>(look)));
      expect(row).to.deep.equal({
        role: 'saga_reader_division',
        division: 'sari',
        user: userId,
        readonly: 'on',
      });
      const { message } = await rejection(
        postgres.reads.scoped(all, (on) => on.query(sql("INSERT INTO read.things VALUES (1, 'sari', 1)"))),
      );
      expect(message).to.match(/permission denied|read-only/);
    });

    it('answers nothing when the scope was never set, and keeps a direct way to a partition shut', async () => {
      const client = new pg.Client({
        connectionString: database.url,
        options: '-c role=saga_reader_division',
      });
      await client.connect();
      expect((await client.query('SELECT * FROM read.things')).rows).to.deep.equal([]);
      expect((await rejection(client.query('SELECT * FROM read.things_savi'))).message).to.match(
        /permission denied/,
      );
      await client.end();
    });

    it('refuses a scope without its division', async () => {
      const scope: Scope = { kind: 'division', division: '', userId };
      expect(await rejection(postgres.reads.scoped(scope, visible))).to.be.instanceOf(TypeError);
    });

    it('sends the statements of one tick as one transaction with one snapshot', async () => {
      const look = sql('SELECT pg_current_snapshot()::text AS snapshot, now()::text AS began');
      const [[first], [second]] = await postgres.reads.scoped(all, (on) =>
        Promise.all([on.query(look), on.query(look)]),
      );
      expect(first).to.deep.equal(second);
    });

    it('gives 3,000 requests of three divisions over two connections only their own rows, failures among them', async () => {
      const { reads } = postgres;
      const answers = await Promise.all(
        Array.from({ length: 3_000 }, async (_, index) => {
          const division = DIVISIONS[index % 3]!;
          const scope: Scope = { kind: 'division', division, userId };
          if (index % 7 === 0) {
            const broken = reads.scoped(scope, (on) =>
              on.query(sql('SELECT 1 / (id - id) FROM read.things')),
            );
            expect((await rejection(broken)).message).to.include('division by zero');
          }
          const rows = await reads.scoped(scope, async (on) => {
            await on.query(named('things', 'SELECT id FROM read.things WHERE id > $1', 1));
            return on.query(named<{ division: string }>('seen', 'SELECT division FROM read.things'));
          });
          return rows.length === 3 && rows.every((row) => row.division === division);
        }),
      );
      expect(answers.filter((own) => !own)).to.have.length(0);
    });

    it('reads int8 as a number and refuses to round one that is too large', async () => {
      const rows = await postgres.reads.scoped(sari, (on) =>
        on.query(sql<{ n: number }>('SELECT max(n) AS n FROM read.things')),
      );
      expect(rows).to.deep.equal([{ n: 9_000_000_000 }]);
      const tooLarge = postgres.reads.scoped(sari, (on) => on.query(sql('SELECT 9007199254740993 AS n')));
      expect(await rejection(tooLarge)).to.be.instanceOf(RangeError);
    });

    it('goes on after the server ended every connection', async () => {
      await postgres.reads.scoped(sari, visible);
      await endEveryBackend(database);
      expect(await postgres.reads.scoped(sari, visible)).to.have.length(3);
    });

    it('cancels what takes too long, and says that the store is unavailable', async () => {
      const impatient = createPostgres({ url: database.url, logger, statementTimeoutMs: 100 });
      const slow = impatient.reads.scoped(sari, (on) => on.query(sql('SELECT pg_sleep(10)')));
      expect(await rejection(slow)).to.be.instanceOf(StoreUnavailable);
      expect(await impatient.reads.scoped(sari, visible)).to.have.length(3);
      await impatient.close();
    });
  });

  describe('writes', () => {
    it('keeps a transaction that succeeds and undoes one that throws', async () => {
      const { writes } = postgres;
      const insert = sql("INSERT INTO read.things VALUES (10, 'sari', 0)");
      await writes.transaction((on) => on.query(insert));
      const error = await rejection(
        writes.transaction(async (on) => {
          await on.query(insert);
          throw new Error('changed my mind');
        }),
      );
      expect(error.message).to.equal('changed my mind');
      const rows = await writes.query(
        sql<{ count: number }>('SELECT count(*) FROM read.things WHERE id = 10'),
      );
      expect(rows).to.deep.equal([{ count: 1 }]);
    });

    it('does not report a transaction as done whose work hid a failed statement', async () => {
      const hidden = postgres.writes.transaction(async (on) => {
        await on.query(sql("INSERT INTO read.things VALUES (11, 'sari', 0)"));
        await rejection(on.query(sql('SELECT 1 / 0')));
      });
      expect((await rejection(hidden)).message).to.include('rolled back');
    });

    it('turns a lost connection into StoreUnavailable and works again with the next', async () => {
      const work = postgres.writes.transaction(async (on) => {
        await on.query(sql('SELECT 1'));
        await endEveryBackend(database);
        await on.query(sql('SELECT 1'));
      });
      expect(await rejection(work)).to.be.instanceOf(StoreUnavailable);
      await eventually('a new connection', () =>
        postgres.writes.query(sql('SELECT 1 AS one')).catch((error: unknown) => {
          if (error instanceof StoreUnavailable) return undefined;
          throw error;
        }),
      );
    });
  });

  it('says StoreUnavailable quickly when there is no server, and nothing crashes', async () => {
    const nowhere = createPostgres({ url: 'postgres://saga:x@127.0.0.1:1/saga', logger });
    expect(await rejection(nowhere.reads.scoped(sari, visible))).to.be.instanceOf(StoreUnavailable);
    expect(await rejection(nowhere.writes.query(sql('SELECT 1')))).to.be.instanceOf(StoreUnavailable);
    await nowhere.close();
  });

  describe('assertRoles', () => {
    it('accepts the database as the migrations leave it', async () => {
      await postgres.assertRoles();
    });

    const holes: readonly (readonly [what: string, make: string, finding: RegExp])[] = [
      [
        'row security not enabled',
        'ALTER TABLE read.things DISABLE ROW LEVEL SECURITY',
        /row security of read\.things/,
      ],
      [
        'row security not forced',
        'ALTER TABLE read.things NO FORCE ROW LEVEL SECURITY',
        /row security of read\.things/,
      ],
      [
        'a grant on a partition',
        'GRANT SELECT ON read.things_savi TO saga_reader_division',
        /saga_reader_division has a grant on the partition read\.things_savi/,
      ],
      [
        'a grant on one column of a partition',
        'GRANT SELECT (id) ON read.things_savi TO PUBLIC',
        /grant on the partition read\.things_savi/,
      ],
      [
        'a reader that owns a table',
        'ALTER TABLE read.things_savi OWNER TO saga_reader_all',
        /saga_reader_all owns read\.things_savi/,
      ],
      [
        'a reader that may write',
        'GRANT INSERT ON read.things TO saga_reader_all',
        /saga_reader_all may change read\.things/,
      ],
      [
        'a view that reads as its owner',
        'CREATE VIEW read.open AS SELECT * FROM read.things; GRANT SELECT ON read.open TO saga_reader_division',
        /read\.open is readable/,
      ],
      [
        'a materialised view',
        'CREATE MATERIALIZED VIEW read.copy AS SELECT * FROM read.things; GRANT SELECT ON read.copy TO saga_reader_division',
        /read\.copy is readable/,
      ],
      [
        'a readable plain table with divisions',
        'CREATE TABLE read.counts (division text); GRANT SELECT ON read.counts TO saga_reader_division',
        /row security of read\.counts/,
      ],
      [
        'a reader in the operational schema',
        'GRANT USAGE ON SCHEMA ops TO saga_reader_all',
        /saga_reader_all may use schema ops/,
      ],
    ];
    for (const [what, make, finding] of holes) {
      it(`refuses ${what}`, async () => {
        await asSuperuser(database, make);
        const error = await rejection(postgres.assertRoles());
        expect(error.name).to.equal('UnsafeDatabase');
        expect(error.message).to.match(finding);
      });
    }

    it('accepts a view that reads as its caller', async () => {
      await asSuperuser(
        database,
        `CREATE VIEW read.open WITH (security_invoker = true) AS SELECT * FROM read.things;
         GRANT SELECT ON read.open TO saga_reader_division`,
      );
      await postgres.assertRoles();
    });
  });
});
