/** The types of the tables are what the migrations make. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { TABLE_TYPES_PATH, tableTypes } from '../../../scripts/schema/table-types.ts';
import { type TestDatabase, testDatabase } from '../../support/stores/postgres.ts';

describe('the types of the tables', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.drop());

  it('are up to date: npm run schema', async () => {
    const isCurrent = readFileSync(TABLE_TYPES_PATH, 'utf8') === (await tableTypes(database.url));
    // Not compared by chai, whose difference of so long texts takes minutes.
    expect(isCurrent, `${TABLE_TYPES_PATH} is up to date`).to.equal(true);
  });
});
