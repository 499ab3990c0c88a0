/** New tables next to the live ones: made from the catalogue, filled, and proven alike before anybody reads them. */
import type { BulkSession, Sql } from '../../../ports.ts';
import { write } from '../../sql/statement.ts';
import type { View } from '../view.ts';
import { definitionsOf, factsOf, type TableDefinition } from './catalogue.ts';

/** A second set of a view's tables in a schema of its own, which no reader role may use. */
export interface Shadow {
  readonly schema: string;
  readonly tables: readonly TableDefinition[];
}

/** Somebody changed the tables while new ones were made next to them: nothing was swapped. */
export class TablesDiffer extends Error {
  override readonly name = 'TablesDiffer';
}

/** The schema that the new tables of a view are made in. */
export const schemaOf = (view: Pick<View, 'name'>, use: 'rebuild' | 'verify'): string =>
  `${use}_${view.name}`;

/** Removes what a former run left behind; also how a finished one cleans up. */
export const dropShadow = (sql: Sql, schema: string): Promise<unknown> =>
  sql.query(write(null, `drop schema if exists ${schema} cascade`));

/** Only where the statement names the table itself: what a policy looks up stays in schema read. */
const placed = (schema: string, statement: string, table: string): string =>
  statement.replace(`read.${table}`, `${schema}.${table}`);

async function inTurn(sql: Sql, statements: readonly string[]): Promise<void> {
  for (const text of statements) await sql.query(write(null, text));
}

/** Empty tables, without keys and indexes. */
export async function createShadow(
  session: BulkSession,
  view: Pick<View, 'name' | 'tables'>,
  use: 'rebuild' | 'verify',
): Promise<Shadow> {
  const schema = schemaOf(view, use);
  const tables = await definitionsOf(session, view.tables);
  await dropShadow(session, schema);
  await session.transaction(() =>
    inTurn(session, [
      `create schema ${schema}`,
      ...tables.flatMap(({ name, key, partitions, statistics }) => [
        `create table ${schema}.${name} (like read.${name} including all excluding indexes excluding statistics)` +
          (key === null ? '' : ` partition by ${key}`),
        ...partitions.map(
          (one) => `create table ${schema}.${one.name} partition of ${schema}.${name} ${one.bound}`,
        ),
        ...statistics.map(({ of, statement }) => placed(schema, statement, of)),
      ]),
    ]),
  );
  return { schema, tables };
}

/** Keys and indexes of one table. */
export const addIndexes = (sql: Sql, { schema }: Shadow, table: TableDefinition): Promise<void> =>
  inTurn(sql, [
    ...table.constraints.map(
      ({ name, definition }) => `alter table ${schema}.${table.name} add constraint ${name} ${definition}`,
    ),
    ...table.indexes.map((index) => placed(schema, index, table.name)),
  ]);

/** Storage options, row security, policies and grants of every table. */
export const protect = (sql: Sql, { schema, tables }: Shadow): Promise<void> =>
  inTurn(
    sql,
    tables.flatMap(({ afterwards }) => afterwards.map(({ of, statement }) => placed(schema, statement, of))),
  );

/** @throws TablesDiffer with the first differences */
export async function assertAlike(sql: Sql, { schema, tables }: Shadow): Promise<void> {
  const names = tables.map(({ name }) => name);
  const live = await factsOf(sql, 'read', names);
  const made = await factsOf(sql, schema, names);
  const differences = [
    ...live.filter((fact) => !made.includes(fact)).map((fact) => `only live: ${fact}`),
    ...made.filter((fact) => !live.includes(fact)).map((fact) => `only rebuilt: ${fact}`),
  ];
  if (differences.length > 0 || live.length !== made.length) {
    throw new TablesDiffer(
      `the tables changed while they were rebuilt, nothing was swapped; run it again. ${differences.slice(0, 5).join('; ')}`,
    );
  }
}

/** A view that reads what another view writes would give another result on every rebuild. */
export class ForeignTable extends Error {
  override readonly name = 'ForeignTable';
}

/** `read.tickets`, and as kysely writes it: `"read"."tickets"`. */
const TABLE = /(?<![\w"])("?)read\1\."?([a-z_0-9]+)"?/g;

/**
 * `sql` for a view's `apply`, writing into the shadow instead.
 * @throws ForeignTable when the view names a table that is not its own
 */
export function shadowSql(sql: Sql, { schema, tables }: Shadow): Sql {
  const own = new Set(tables.map(({ name }) => name));
  const texts = new Map<string, string>();
  const moved = (text: string): string => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    const made = text.replaceAll(TABLE, (_all, _quote, table: string) => {
      if (!own.has(table)) throw new ForeignTable(`the view reads read.${table}, which another view owns`);
      return `${schema}.${table}`;
    });
    texts.set(text, made);
    return made;
  };
  return { query: (statement) => sql.query({ ...statement, text: moved(statement.text) }) };
}
