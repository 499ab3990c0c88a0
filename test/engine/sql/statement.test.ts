/** Statements are typed by the tables, compiled once, and bound by position. */
import { expect } from 'chai';
import { sql } from 'kysely';
import { columnsOf } from '../../../src/engine/sql/columns-of.ts';
import { statement } from '../../../src/engine/sql/statement.ts';
import { type Columns, tables } from '../../../src/engine/sql/tables.ts';
import type { Sql } from '../../../src/ports.ts';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { type TestDatabase, testDatabase } from '../../support/stores/postgres.ts';

describe('statements', () => {
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

  it('are compiled once, and calls differ in their values only', () => {
    let builds = 0;
    const byName = statement('tags_by_name', (name: string, kind: 'system' | 'custom') => {
      builds += 1;
      return tables.selectFrom('read.tags').select('id').where('kind', '=', kind).where('name', '=', name);
    });
    const text = 'select "id" from "read"."tags" where "kind" = $2 and "name" = $1';
    expect(byName('a', 'custom')).to.deep.equal({ name: 'tags_by_name', text, values: ['a', 'custom'] });
    expect(byName('b', 'system').values).to.deep.equal(['b', 'system']);
    expect(builds).to.equal(1);
  });

  it('hold constants in their text, quoted', () => {
    const free = statement(null, () =>
      tables.selectFrom('read.users').select('id').where('is_active', '=', true).where('name', '=', "O'Neil"),
    );
    const text = `select "id" from "read"."users" where "is_active" = true and "name" = 'O''Neil'`;
    expect(free()).to.deep.equal({ text, values: [] });
  });

  it('use one argument in several places', async () => {
    const twice = statement(
      'twice',
      (one: number, other: string) =>
        sql<{ n: number }>`select ${one}::int + ${one}::int + length(${other}) as n`,
    );
    expect(twice(20, 'ab').text).to.equal('select $1::int + $1::int + length($2) as n');
    expect(await postgres.writes.query(twice(20, 'ab'))).to.deep.equal([{ n: 42 }]);
  });

  it('give their rows the types of the tables', async () => {
    const schedule = statement(
      null,
      (job: string) =>
        sql<
          Columns<'ops.schedule', { dueAt: 'due_at' }>
        >`select due_at as "dueAt" from ops.schedule where job = ${job}`,
    );
    const read = async (on: Sql): Promise<Date | undefined> => (await on.query(schedule('none')))[0]?.dueAt;
    expect(await read(postgres.writes)).to.equal(undefined);
    // @ts-expect-error a text that nobody typed
    const untyped = (): Promise<object[]> => postgres.writes.query({ text: 'select 1', values: [] });
    expect(untyped).to.be.a('function');
    // @ts-expect-error no column of this name
    expect(() => statement(null, () => tables.selectFrom('read.users').select('surname'))).not.to.throw();
    // @ts-expect-error a tag is no number
    expect(columnsOf('read.tags', ['x'], { id: () => 1 })).to.deep.equal([[1]]);
  });

  it('turn items into columns in the order in which these are named', () => {
    const items = [{ id: 'a' }, { id: 'b' }];
    const values = columnsOf('read.tags', items, { name: ({ id }) => id.toUpperCase(), id: ({ id }) => id });
    expect(values).to.deep.equal([
      ['A', 'B'],
      ['a', 'b'],
    ]);
  });
});
