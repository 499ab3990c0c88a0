/** src/ports/database.ts: the types of all tables for kysely, read from a Postgres to which the migrations were applied. */
import pg from 'pg';
import { assembled } from '../../src/engine/sql/statement.ts';
import { rowsOf } from '../../src/adapters/postgres/rows-of.ts';

export const TABLE_TYPES_PATH = 'src/ports/database.ts';

const SCHEMAS = ['es', 'ops', 'read'];

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly required: boolean;
  /** The database gives a value when an insert gives none. */
  readonly filled: boolean;
  /** Checks of this column alone, as Postgres writes them. */
  readonly checks: readonly string[];
}

// Partitions look like their parent; they are left out.
const COLUMNS = `
  select n.nspname || '.' || c.relname as table, a.attname as column, format_type(a.atttypid, null) as type,
         a.attnotnull as required, a.atthasdef or a.attidentity <> '' as filled,
         array(select pg_get_constraintdef(k.oid) from pg_constraint k
                where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum] order by k.oid) as checks
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where n.nspname = any($1) and c.relkind in ('r', 'p') and not c.relispartition
   order by n.nspname, c.relname, a.attnum`;

/** What pg makes of a column: src/adapters/postgres/types.ts, and pg's own parsers for the rest. */
const TYPES: Readonly<Record<string, string>> = {
  bigint: 'number',
  boolean: 'boolean',
  bytea: 'Buffer',
  date: 'Day',
  'double precision': 'number',
  integer: 'number',
  json: 'Json',
  jsonb: 'Json',
  numeric: 'Numeric',
  smallint: 'number',
  text: 'string',
  // Written as the text of one, read by the database only.
  tsvector: 'string',
  'timestamp with time zone': 'Time',
  uuid: 'string',
};

/** `x = ANY (ARRAY['a'::text, 'b'::text])` is 'a' | 'b'. */
function wordsOf(check: string): string | undefined {
  const [, list] = /^CHECK \(\(\w+ = ANY \(ARRAY\[([^\]]+)\]\)\)\)/.exec(check) ?? [];
  return list === undefined ? undefined : [...list.matchAll(/'([^']+)'/g)].map(([word]) => word).join(' | ');
}

function typeOf({ table, column, type, required, filled, checks }: Column): string {
  const [, element = type, array = ''] = /^(.+?)(\[\])?$/.exec(type) ?? [];
  const known = TYPES[element];
  if (known === undefined)
    throw new Error(`${table}.${column} is ${type}: say in ${import.meta.url} what pg makes of it`);
  const words = checks.map(wordsOf).find((found) => found !== undefined);
  const value = (words ?? known) + array;
  const whole = required ? value : `${value} | null`;
  return filled ? `Filled<${whole}>` : whole;
}

const WIDTH = 110;

/** `a: string; b: number;` and so on, as many on a line as fit. */
function filledLines(members: readonly string[]): string[] {
  const lines: string[] = [];
  for (const member of members) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + member.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${member}`;
    else lines.push(`  ${member}`);
  }
  return lines;
}

const interfaceName = (table: string): string =>
  table.replaceAll(/(?:^|[._])(\w)/g, (_all, letter: string) => letter.toUpperCase());

const HEADER = `/**
 * The types of all tables, for kysely. Made by \`npm run schema\` from the migrations: do not edit.
 * A column with a CHECK of words has the type of these words. Partitions look like their parent and are left out.
 */
import type { ColumnType } from 'kysely';

/** The database gives a value when an insert gives none. */
type Filled<T> = T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;
/** timestamptz: read as a Date; written as a Date or as ISO 8601. */
type Time = ColumnType<Date, Date | string, Date | string>;
/** date: 'YYYY-MM-DD'. */
type Day = string;
/** numeric: read as its digits, for a number may not hold them all. */
type Numeric = ColumnType<string, string | number, string | number>;
/** json, jsonb: read as the value, written as its text. */
type Json = ColumnType<unknown, string, string>;
`;

/**
 * @param databaseUrl a database with all migrations applied
 * @returns the text of src/ports/database.ts
 * @throws Error for a column type that it does not know
 */
export async function tableTypes(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const columns = await rowsOf(client, assembled<Column>(null, COLUMNS, [SCHEMAS]));
  await client.end();
  const tables = new Map<string, readonly Column[]>();
  for (const one of columns) tables.set(one.table, [...(tables.get(one.table) ?? []), one]);
  const interfaces = [...tables].map(([table, of]) =>
    [
      `interface ${interfaceName(table)} {`,
      ...filledLines(of.map((column) => `${column.column}: ${typeOf(column)};`)),
      '}',
    ].join('\n'),
  );
  const database = [...tables.keys()].map((table) => `  '${table}': ${interfaceName(table)};`);
  return [
    HEADER,
    ...interfaces.map((text) => `${text}\n`),
    `export interface Database {`,
    ...database,
    '}',
    '',
  ].join('\n');
}
