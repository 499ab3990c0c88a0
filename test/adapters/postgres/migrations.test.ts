import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { migrate, MigrationError } from '../../../src/adapters/migrations.ts';
import { emptyDatabase, testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';
import { rejection } from '../../support/rejection.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

async function rows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('migrations', function () {
  this.timeout(60_000);
  const logger = silentLogger();
  let folder: string;
  let database: TestDatabase;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'saga-migrations-'));
    writeFileSync(join(folder, '2_second.sql'), 'INSERT INTO seen VALUES (2);');
    writeFileSync(join(folder, '1_first.sql'), 'CREATE TABLE seen (n int); INSERT INTO seen VALUES (1);');
    database = await emptyDatabase();
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  it('applies files in the order of their names, each once', async () => {
    expect(await migrate(database.url, { logger, folder })).to.deep.equal(['1_first.sql', '2_second.sql']);
    expect(await migrate(database.url, { logger, folder })).to.deep.equal([]);
    expect(await rows(database.url, 'SELECT n FROM seen')).to.deep.equal([{ n: 1 }, { n: 2 }]);
  });

  it('lets eight processes that start together apply each file once', async () => {
    const applied = await Promise.all(
      Array.from({ length: 8 }, () => migrate(database.url, { logger, folder })),
    );
    expect(applied.flat().sort()).to.deep.equal(['1_first.sql', '2_second.sql']);
    expect(await rows(database.url, 'SELECT n FROM seen ORDER BY n')).to.deep.equal([{ n: 1 }, { n: 2 }]);
  });

  it('undoes a file that fails halfway, and goes on from there once it is fixed', async () => {
    writeFileSync(join(folder, '2_second.sql'), 'INSERT INTO seen VALUES (2); SELECT 1 / 0;');
    const error = await rejection(migrate(database.url, { logger, folder }));
    expect(error).to.be.instanceOf(MigrationError);
    expect(error.message).to.match(/2_second\.sql failed and changed nothing: division by zero/);
    expect(await rows(database.url, 'SELECT n FROM seen')).to.deep.equal([{ n: 1 }]);
    writeFileSync(join(folder, '2_second.sql'), 'INSERT INTO seen VALUES (2);');
    expect(await migrate(database.url, { logger, folder })).to.deep.equal(['2_second.sql']);
  });

  it('refuses a file that was changed after it was applied', async () => {
    await migrate(database.url, { logger, folder });
    writeFileSync(join(folder, '1_first.sql'), 'CREATE TABLE seen (n bigint);');
    const error = await rejection(migrate(database.url, { logger, folder }));
    expect(error).to.be.instanceOf(MigrationError);
    expect(error.message).to.include('Already applied, then changed: 1_first.sql');
  });

  it('takes other line ends for the same text', async () => {
    writeFileSync(join(folder, '1_first.sql'), 'CREATE TABLE seen\n(n int);\n');
    await migrate(database.url, { logger, folder });
    writeFileSync(join(folder, '1_first.sql'), 'CREATE TABLE seen\r\n(n int);\r\n');
    expect(await migrate(database.url, { logger, folder })).to.deep.equal([]);
  });

  it('refuses a database that a newer version has migrated', async () => {
    await migrate(database.url, { logger, folder });
    rmSync(join(folder, '2_second.sql'));
    const error = await rejection(migrate(database.url, { logger, folder }));
    expect(error.message).to.include('newer than this program').and.include('2_second.sql');
  });

  it("runs the product's own files in several databases of one cluster at once (roles are shared)", async () => {
    const databases = await Promise.all(Array.from({ length: 4 }, () => emptyDatabase()));
    try {
      await Promise.all(databases.map(({ url }) => migrate(url, { logger })));
      const template = await testDatabase();
      expect(
        await rows(
          template.url,
          `SELECT rolname, rolcanlogin, pg_has_role('saga', oid, 'SET') AS settable,
             has_schema_privilege(oid, 'read', 'USAGE') AS reads, has_schema_privilege(oid, 'ops', 'USAGE') AS ops
           FROM pg_roles WHERE rolname LIKE 'saga_reader%' ORDER BY rolname`,
        ),
      ).to.deep.equal(
        ['saga_reader_all', 'saga_reader_division', 'saga_reader_ticket'].map((rolname) => ({
          rolname,
          rolcanlogin: false,
          settable: true,
          reads: true,
          ops: false,
        })),
      );
      await template.drop();
    } finally {
      await Promise.all(databases.map(({ drop }) => drop()));
    }
  });
});
