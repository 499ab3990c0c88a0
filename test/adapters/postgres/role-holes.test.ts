import { expect } from 'chai';
import pg from 'pg';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { rejection } from '../../support/rejection.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';

/** Roles belong to the server and not to a database: these changes are seen by every program on it. */
const HOLES: readonly (readonly [what: string, make: string, undo: string, finding: RegExp])[] = [
  [
    'bypasses row security',
    'ALTER ROLE saga_reader_all BYPASSRLS',
    'ALTER ROLE saga_reader_all NOBYPASSRLS',
    /saga_reader_all is a superuser/,
  ],
  [
    'is a superuser',
    'ALTER ROLE saga_reader_all SUPERUSER',
    'ALTER ROLE saga_reader_all NOSUPERUSER',
    /saga_reader_all is a superuser/,
  ],
  [
    'belongs to another role',
    'CREATE ROLE cleaner; GRANT cleaner TO saga_reader_ticket',
    'DROP ROLE cleaner',
    /saga_reader_ticket is a member of cleaner/,
  ],
];

describe('assertRoles', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let postgres: Postgres;
  let superuser: pg.Client;

  before(async () => {
    database = await testDatabase();
    postgres = createPostgres({ url: database.url, logger: silentLogger(), poolSize: 2 });
    superuser = new pg.Client({ connectionString: database.superuserUrl });
    await superuser.connect();
  });
  after(async () => {
    await superuser.end();
    await postgres.close();
    await database.drop();
  });

  for (const [what, make, undo, finding] of HOLES) {
    it(`refuses a reader that ${what}`, async () => {
      await superuser.query(make);
      try {
        const error = await rejection(postgres.assertRoles());
        expect(error.name).to.equal('UnsafeDatabase');
        expect(error.message).to.match(finding);
      } finally {
        await superuser.query(undo);
      }
    });
  }
});
