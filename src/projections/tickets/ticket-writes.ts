/** Reads and writes inbox rows, a batch at a time. */
import { sql } from 'kysely';
import type { Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { countedPrefixes } from './search.ts';
import { type Kept, NOTHING_KEPT } from '../outbound/replies.ts';
import type { StoredTicket } from './ticket-object.ts';
import { queueStatusOf, tagKeysOf, TICKET_COLUMNS } from './ticket-columns.ts';
import type { TicketRow } from './ticket-row.ts';
import { allOf } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';

/** A ticket before and after a batch. */
export interface Changed {
  readonly before: TicketRow | undefined;
  readonly after: TicketRow;
}

const loadOf = (division: Division) =>
  // The division is part of the text: one partition, known when the plan is made.
  statement(`tickets_load_${division}`, (ids: readonly string[]) =>
    tables
      .selectFrom('read.tickets')
      .select(['assigned_to', 'waiting_for', 'last_activity_at', 'last_customer_message_at', 'search'])
      .select(['customer_messages', 'wake_at', 'joined_to'])
      .select(({ ref }) => ref('card').$castTo<StoredTicket>().as('card'))
      .select(({ ref }) => ref('kept').$castTo<Kept | null>().as('kept'))
      .where('division', '=', division)
      .where('id', '=', sql<string>`any(${ids}::uuid[])`),
  );

const LOAD = { sari: loadOf('sari'), savi: loadOf('savi'), safia: loadOf('safia') };

/** The rows of these tickets, as they are stored. Unknown ids are left out. */
export async function loadTickets(
  on: Sql,
  wanted: ReadonlyMap<Division, readonly string[]>,
): Promise<readonly TicketRow[]> {
  const found = await allOf([...wanted].map(([division, ids]) => on.query(LOAD[division](ids))));
  return found.flat().map((row) => ({
    card: row.card,
    assignedTo: row.assigned_to,
    waitingFor: row.waiting_for,
    lastActivityAt: row.last_activity_at.toISOString(),
    lastCustomerMessageAt: row.last_customer_message_at?.toISOString() ?? null,
    customerMessages: row.customer_messages,
    wakeAt: row.wake_at?.toISOString() ?? null,
    // A row from before has none: what it rests on stays as it is.
    kept: row.kept ?? NOTHING_KEPT,
    joinedTo: row.joined_to,
    search: row.search,
  }));
}

const NAMES = TICKET_COLUMNS.map(({ name }) => name).join(', ');
// An array of arrays is not what `unnest` takes: lists travel as their literals.
const WRITE = `insert into read.tickets as t (${NAMES})
select ${TICKET_COLUMNS.map(({ name, type }) => (type === 'text[]' ? `${name}::text[]` : name)).join(', ')}
from unnest(${TICKET_COLUMNS.map(({ type }, at) => `$${String(at + 1)}::${type === 'text[]' ? 'text' : type}[]`).join(', ')})
  as n (${NAMES})
on conflict (division, id) do update set ${TICKET_COLUMNS.filter(({ isFixed }) => isFixed !== true)
  .map(({ name }) => `${name} = excluded.${name}`)
  .join(', ')}`;

/** Inserts these tickets, or writes what changed of those that are there. */
export const writeTickets = (on: Sql, rows: readonly TicketRow[]): Promise<unknown> =>
  on.query(
    write(
      'tickets_write',
      WRITE,
      TICKET_COLUMNS.map(({ value }) => rows.map(value)),
    ),
  );

/** Every tag row carries what it is ordered and filtered by, so all rows of a changed ticket are written again. */
export async function writeTags(on: Sql, changed: readonly Changed[]): Promise<void> {
  const gone = changed.flatMap(({ before }) =>
    before ? tagKeysOf(before).map((tag) => ({ tag, row: before })) : [],
  );
  const there = changed.flatMap(({ after }) => tagKeysOf(after).map((tag) => ({ tag, row: after })));
  const divisions = new Set(gone.map(({ row }) => row.card.division));
  const deletes = [...divisions].map((division) =>
    on.query(
      write(
        `ticket_tags_delete_${division}`,
        `delete from read.ticket_tags t using unnest($1::text[], $2::timestamptz[], $3::uuid[]) g (tag, at, id)
where t.division = '${division}' and t.tag = g.tag and t.last_activity_at = g.at and t.id = g.id`,
        columnsOf(
          'read.ticket_tags',
          gone.filter(({ row }) => row.card.division === division),
          {
            tag: ({ tag }) => tag,
            last_activity_at: ({ row }) => row.lastActivityAt,
            id: ({ row }) => row.card.id,
          },
        ),
      ),
    ),
  );
  const inserts =
    there.length === 0
      ? []
      : [
          on.query(
            write(
              'ticket_tags_insert',
              `insert into read.ticket_tags
  (division, tag, last_activity_at, id, status, queue_status, channel, crm_stage, assigned_to)
select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::uuid[], $5::text[], $6::text[], $7::text[],
  $8::text[], $9::uuid[])`,
              columnsOf('read.ticket_tags', there, {
                division: ({ row }) => row.card.division,
                tag: ({ tag }) => tag,
                last_activity_at: ({ row }) => row.lastActivityAt,
                id: ({ row }) => row.card.id,
                status: ({ row }) => row.card.status,
                queue_status: ({ row }) => queueStatusOf(row),
                channel: ({ row }) => row.card.channel,
                crm_stage: ({ row }) => row.card.crm_stage,
                assigned_to: ({ row }) => row.assignedTo,
              }),
            ),
          ),
        ];
  await allOf([...deletes, ...inserts]);
}

const wordsOf = ({ search }: TicketRow): readonly string[] => search.split(' ').filter((word) => word !== '');

/** What a ticket is found by besides, since its customer's name or number came later. */
export async function writeNewTerms(on: Sql, changed: readonly Changed[]): Promise<void> {
  const renamed = changed.flatMap(({ before, after }) =>
    before && before.search !== after.search ? [{ before, after }] : [],
  );
  if (renamed.length === 0) return;
  const terms = renamed.flatMap(({ before, after }) => {
    const known = new Set(wordsOf(before));
    return wordsOf(after)
      .filter((term) => !known.has(term))
      .map((term) => ({ division: after.card.division, term, id: after.card.id }));
  });
  const prefixes = renamed.flatMap(({ before, after }) => {
    const known = new Set(countedPrefixes(wordsOf(before)));
    return countedPrefixes(wordsOf(after))
      .filter((prefix) => !known.has(prefix))
      .map((prefix) => ({ division: after.card.division, prefix }));
  });
  await writeTerms(on, terms, prefixes);
}

/** What is written once per ticket: which division it is of, and what it is found by. */
export async function writeOpened(on: Sql, opened: readonly TicketRow[]): Promise<void> {
  if (opened.length === 0) return;
  const terms = opened.flatMap((row) =>
    wordsOf(row).map((term) => ({ division: row.card.division, term, id: row.card.id })),
  );
  const prefixes = opened.flatMap((row) =>
    countedPrefixes(wordsOf(row)).map((prefix) => ({ division: row.card.division, prefix })),
  );
  await allOf<unknown>([
    on.query(
      write(
        'ticket_directory_insert',
        'insert into read.ticket_directory (ticket_id, division) select * from unnest($1::uuid[], $2::text[])',
        columnsOf('read.ticket_directory', opened, {
          ticket_id: ({ card }) => card.id,
          division: ({ card }) => card.division,
        }),
      ),
    ),
    writeTerms(on, terms, prefixes),
  ]);
}

async function writeTerms(
  on: Sql,
  terms: readonly { readonly division: string; readonly term: string; readonly id: string }[],
  prefixes: readonly { readonly division: string; readonly prefix: string }[],
): Promise<void> {
  const counts = new Map<string, { division: string; prefix: string; n: number }>();
  for (const { division, prefix } of prefixes) {
    const count = counts.get(`${division} ${prefix}`);
    if (count) count.n += 1;
    else counts.set(`${division} ${prefix}`, { division, prefix, n: 1 });
  }
  await allOf([
    on.query(
      write(
        'ticket_terms_insert',
        'insert into read.ticket_terms (division, term, id) select * from unnest($1::text[], $2::text[], $3::uuid[])',
        columnsOf('read.ticket_terms', terms, {
          division: ({ division }) => division,
          term: ({ term }) => term,
          id: ({ id }) => id,
        }),
      ),
    ),
    on.query(
      write(
        'term_counts_add',
        `insert into read.term_counts as c (division, prefix, n)
select * from unnest($1::text[], $2::text[], $3::int[]) on conflict (division, prefix) do update set n = c.n + excluded.n`,
        columnsOf('read.term_counts', [...counts.values()], {
          division: ({ division }) => division,
          prefix: ({ prefix }) => prefix,
          n: ({ n }) => n,
        }),
      ),
    ),
  ]);
}
