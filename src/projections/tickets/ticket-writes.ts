/** Reads and writes inbox rows, a batch at a time. */
import type { Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { countedPrefixes } from './search.ts';
import type { StoredTicket } from './ticket-object.ts';
import { TICKET_COLUMNS, type TicketRow } from './ticket-row.ts';
import { allOf, columns } from '../../engine/projections/view.ts';

/** A ticket before and after a batch. */
export interface Changed {
  readonly before: TicketRow | undefined;
  readonly after: TicketRow;
}

interface Stored {
  readonly card: StoredTicket;
  readonly assigned_to: string | null;
  readonly waiting_for: string | null;
  readonly last_activity_at: Date;
  readonly last_customer_message_at: Date | null;
  readonly search: string;
}

/** The rows of these tickets, as they are stored. Unknown ids are left out. */
export async function loadTickets(
  sql: Sql,
  wanted: ReadonlyMap<Division, readonly string[]>,
): Promise<readonly TicketRow[]> {
  const found = await allOf(
    [...wanted].map(([division, ids]) =>
      sql.query<Stored>({
        // The division as a literal: one partition, known when the plan is made.
        name: `tickets_load_${division}`,
        text: `select card, assigned_to, waiting_for, last_activity_at, last_customer_message_at, search
from read.tickets where division = '${division}' and id = any($1::uuid[])`,
        values: [ids],
      }),
    ),
  );
  return found.flat().map((row) => ({
    card: row.card,
    assignedTo: row.assigned_to,
    waitingFor: row.waiting_for,
    lastActivityAt: row.last_activity_at.toISOString(),
    lastCustomerMessageAt: row.last_customer_message_at?.toISOString() ?? null,
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

export const writeTickets = (sql: Sql, rows: readonly TicketRow[]): Promise<unknown> =>
  sql.query({
    name: 'tickets_write',
    text: WRITE,
    values: columns(rows, ...TICKET_COLUMNS.map(({ value }) => value)),
  });

/** Every tag row carries what it is ordered and filtered by, so all of a changed ticket are written anew. */
export async function writeTags(sql: Sql, changed: readonly Changed[]): Promise<void> {
  const gone = changed.flatMap(({ before }) =>
    before ? before.card.tags.map((tag) => ({ tag, row: before })) : [],
  );
  const there = changed.flatMap(({ after }) => after.card.tags.map((tag) => ({ tag, row: after })));
  const divisions = new Set(gone.map(({ row }) => row.card.division));
  const deletes = [...divisions].map((division) =>
    sql.query({
      name: `ticket_tags_delete_${division}`,
      text: `delete from read.ticket_tags t using unnest($1::text[], $2::timestamptz[], $3::uuid[]) g (tag, at, id)
where t.division = '${division}' and t.tag = g.tag and t.last_activity_at = g.at and t.id = g.id`,
      values: columns(
        gone.filter(({ row }) => row.card.division === division),
        ({ tag }) => tag,
        ({ row }) => row.lastActivityAt,
        ({ row }) => row.card.id,
      ),
    }),
  );
  const inserts =
    there.length === 0
      ? []
      : [
          sql.query({
            name: 'ticket_tags_insert',
            text: `insert into read.ticket_tags
  (division, tag, last_activity_at, id, status, queue_status, channel, crm_stage, assigned_to)
select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::uuid[], $5::text[], $6::text[], $7::text[],
  $8::text[], $9::uuid[])`,
            values: columns(
              there,
              ({ row }) => row.card.division,
              ({ tag }) => tag,
              ({ row }) => row.lastActivityAt,
              ({ row }) => row.card.id,
              ({ row }) => row.card.status,
              ({ row }) => row.card.queue_status,
              ({ row }) => row.card.channel,
              ({ row }) => row.card.crm_stage,
              ({ row }) => row.assignedTo,
            ),
          }),
        ];
  await allOf([...deletes, ...inserts]);
}

/** What is written once per ticket: which division it is of, and what it is found by. */
export async function writeOpened(sql: Sql, opened: readonly TicketRow[]): Promise<void> {
  if (opened.length === 0) return;
  const terms: { division: string; term: string; id: string }[] = [];
  const counts = new Map<string, { division: string; prefix: string; n: number }>();
  for (const { card, search } of opened) {
    const words = search.split(' ').filter((word) => word !== '');
    for (const term of words) terms.push({ division: card.division, term, id: card.id });
    for (const prefix of countedPrefixes(words)) {
      const key = `${card.division} ${prefix}`;
      const count = counts.get(key);
      if (count) count.n += 1;
      else counts.set(key, { division: card.division, prefix, n: 1 });
    }
  }
  await allOf([
    sql.query({
      name: 'ticket_directory_insert',
      text: 'insert into read.ticket_directory (ticket_id, division) select * from unnest($1::uuid[], $2::text[])',
      values: columns(
        opened,
        ({ card }) => card.id,
        ({ card }) => card.division,
      ),
    }),
    sql.query({
      name: 'ticket_terms_insert',
      text: `insert into read.ticket_terms (division, term, id) select * from unnest($1::text[], $2::text[], $3::uuid[])`,
      values: columns(
        terms,
        ({ division }) => division,
        ({ term }) => term,
        ({ id }) => id,
      ),
    }),
    sql.query({
      name: 'term_counts_add',
      text: `insert into read.term_counts as c (division, prefix, n)
select * from unnest($1::text[], $2::text[], $3::int[]) on conflict (division, prefix) do update set n = c.n + excluded.n`,
      values: columns(
        [...counts.values()],
        ({ division }) => division,
        ({ prefix }) => prefix,
        ({ n }) => n,
      ),
    }),
  ]);
}
