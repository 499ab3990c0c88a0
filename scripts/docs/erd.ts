/** docs/generated/erd.md: tables and how they hang together, read from a Postgres to which the migrations were applied. */
import pg from 'pg';
import { assembled } from '../../src/engine/sql/statement.ts';
import { rowsOf } from '../../src/adapters/postgres/rows-of.ts';
import { code, document, table } from './markdown.ts';

const SCHEMAS = {
  es: 'The event store, when it is kept in Postgres: the truth. With `EVENTSTORE_URL` these tables stay empty.',
  read: 'What the API reads. Every table can be rebuilt from the events. Cut by division, under forced row security.',
  ops: 'What the processes need in addition to the events: sessions, leases, checkpoints, the webhook inbox.',
} as const;

/** What a column of this name points at. Read tables have no foreign keys: each is rebuilt alone, from events. */
const POINTS_AT: Readonly<Record<string, string>> = {
  ticket_id: 'read.tickets',
  customer_id: 'read.customers',
  blast_id: 'read.blasts',
  template_id: 'read.templates',
  message_id: 'read.messages_l1',
  user_id: 'read.users',
  agent_id: 'read.users',
  assigned_to: 'read.users',
  waiting_for: 'read.users',
  sender_id: 'read.users',
};

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly required: boolean;
  readonly key: boolean;
  readonly partitioned: boolean;
  readonly secured: boolean;
}

// Partitions look like their parent; they are left out.
const COLUMNS = `
  select n.nspname || '.' || c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
         a.attnotnull as required, coalesce(a.attnum = any(k.conkey), false) as key,
         c.relkind = 'p' as partitioned, c.relforcerowsecurity as secured
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
   where n.nspname = any($1) and c.relkind in ('r', 'p') and not c.relispartition
   order by array_position($1, n.nspname), c.relname, a.attnum`;

const FOREIGN_KEYS = `
  select conrelid::regclass::text as from, confrelid::regclass::text as to,
         (select string_agg(attname, ', ') from pg_attribute where attrelid = conrelid and attnum = any(conkey)) as by
    from pg_constraint c
    join pg_class t on t.oid = conrelid and not t.relispartition
    join pg_namespace n on n.oid = t.relnamespace
   where contype = 'f' and n.nspname = any($1)
   order by 1, 2, 3`;

interface Link {
  readonly from: string;
  readonly to: string;
  readonly by: string;
}

const mermaidName = (name: string): string => name.replace('.', '_');
const mermaidType = (type: string): string =>
  type.replace('timestamp with time zone', 'timestamptz').replaceAll(/[^\w[\]]+/g, '_');

function diagram(
  tables: ReadonlyMap<string, readonly Column[]>,
  links: readonly (Link & { real: boolean })[],
) {
  const lines = [...tables].flatMap(([name, columns]) => [
    `  ${mermaidName(name)}["${name}"] {`,
    ...columns.map(
      ({ type, column, key }) =>
        `    ${mermaidType(type)} ${column}${key ? ' PK' : links.some(({ from, by }) => from === name && by === column) ? ' FK' : ''}`,
    ),
    '  }',
  ]);
  const ties = links
    .filter(({ from, to }) => tables.has(from) && tables.has(to))
    .map(
      ({ from, to, by, real }) =>
        `  ${mermaidName(to)} ${real ? '||--o{' : '|o..o{'} ${mermaidName(from)} : ${by}`,
    );
  return ['```mermaid', 'erDiagram', ...lines, ...ties, '```'].join('\n');
}

/** @param databaseUrl a database with all migrations applied */
export async function erd(path: string, databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const schemas = Object.keys(SCHEMAS);
  const columns = await rowsOf(client, assembled<Column>(null, COLUMNS, [schemas]));
  const foreign = await rowsOf(client, assembled<Link>(null, FOREIGN_KEYS, [schemas]));
  await client.end();
  const tables = new Map<string, readonly Column[]>();
  for (const one of columns) tables.set(one.table, [...(tables.get(one.table) ?? []), one]);
  const links = [
    ...foreign.map((link) => ({ ...link, real: true })),
    ...columns.flatMap(({ table: from, column: by }) => {
      const to = POINTS_AT[by];
      return to !== undefined && to !== from && tables.has(to) ? [{ from, to, by, real: false }] : [];
    }),
  ];
  const sections = Object.entries(SCHEMAS).flatMap(([schema, about]) => {
    const own = new Map([...tables].filter(([name]) => name.startsWith(`${schema}.`)));
    return [
      `## Schema ${code(schema)}`,
      about,
      diagram(own, links),
      table(
        ['table', 'primary key', 'by division', 'row security'],
        [...own].map(([name, of]) => [
          code(name),
          of
            .filter(({ key }) => key)
            .map(({ column }) => code(column))
            .join(', '),
          of[0]?.partitioned ? 'yes' : '',
          of[0]?.secured ? 'forced' : '',
        ]),
      ),
    ];
  });
  return document(path, [
    '# Tables',
    `${String(tables.size)} tables, read from a Postgres to which every file of \`migrations/\` was applied. A full line is a foreign key; a dotted one ` +
      'is a column that names a row of another table without a constraint, because read tables are written in the order of ' +
      'events and rebuilt one by one. Partitions (`..._sari`, `..._savi`, `..._safia`) look like their parent and are left out.',
    ...sections,
  ]);
}
