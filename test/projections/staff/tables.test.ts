import { expect } from 'chai';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { createViews } from '../../../src/projections/views.ts';
import { type TestDatabase, testDatabase } from '../../support/stores/postgres.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { unchecked } from '../../support/stores/unchecked.ts';

describe('the tables of the views', () => {
  let database: TestDatabase;
  let postgres: Postgres;
  before(async () => {
    database = await testDatabase();
    postgres = createPostgres({ url: database.url, logger: silentLogger() });
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  it('every table of schema read belongs to exactly one view', async () => {
    const rows = await postgres.writes.query(
      unchecked<{ name: string }>({
        text: `select relname as name from pg_class where relnamespace = 'read'::regnamespace
  and relkind in ('r', 'p') and not relispartition`,
        values: [],
      }),
    );
    const owned = createViews().flatMap(({ tables }) => tables);
    expect(new Set(owned).size, 'a table with two owners').to.equal(owned.length);
    expect(owned.toSorted()).to.deep.equal(rows.map(({ name }) => name).toSorted());
  });
});
