/** How many of a ticket's customer messages each person has read (docs/design/business-rules.md#unread). */
import { sql } from 'kysely';
import type { EventOf } from '../../domain/event.ts';
import type { TicketRead } from '../../domain/conversation/reading.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { SAYS_NOTHING_KINDS } from '../../domain/conversation/conversation.ts';
import { type View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { ReadStore, Scope } from '../../ports.ts';

interface MarkRow {
  /** Of all times. */
  readonly all: number;
  /** After the message that was read last; null where there is none such. */
  readonly newer: number | null;
}

/** What came after the message; older ones that came late count as read with it. */
const newerSql = sql.raw(
  `(m.kind is null or m.kind not in (${SAYS_NOTHING_KINDS.map((kind) => `'${kind}'`).join(', ')}))`,
);

const markOf = statement(
  'read_mark',
  (
    division: Division,
    ticketId: string,
    messageId: string | null,
  ) => sql<MarkRow>`select t.customer_messages as all,
  (select (select count(*) from read.messages_l1 m where m.division = t.division and m.ticket_id = t.id
      and m.sender_type = 'customer' and ${newerSql} and (m.sent_at, m.position, m.id) > (b.sent_at, b.position, b.id))::int
    from read.messages_l1 b where b.division = t.division and b.ticket_id = t.id and b.id = ${messageId}::uuid) as newer
from read.tickets t where t.division = ${division} and t.id = ${ticketId}::uuid`,
);

/**
 * How many messages of the customer somebody has seen who read up to this one.
 * @param messageId null: up to the newest
 * @returns null where the ticket has no such message; `unread`: how many are left
 */
export async function seenUpTo(
  read: ReadStore,
  scope: Exclude<Scope, { kind: 'all' }>,
  ticketId: string,
  messageId: string | null,
): Promise<{ readonly seen: number; readonly unread: number } | null> {
  const division = scope.division as Division;
  const [row] = await read.scoped(scope, (on) => on.query(markOf(division, ticketId, messageId)));
  if (!row || (messageId !== null && row.newer === null)) return null;
  const unread = Math.min(row.all, row.newer ?? 0);
  return { seen: row.all - unread, unread };
}

/** The view `read.ticket_reads`. */
export function readMarksView(): View {
  return {
    name: 'read_marks',
    streams: ['reading-'],
    tables: ['ticket_reads'],
    forget: () => undefined,
    apply: async (on, events) => {
      const marks = new Map<string, EventOf<typeof TicketRead>['data']>();
      for (const event of events) {
        if (event.type !== 'TicketRead') continue;
        const { ticketId, userId } = event.data;
        const key = `${ticketId} ${userId}`;
        marks.set(key, { ...event.data, seen: Math.max(marks.get(key)?.seen ?? 0, event.data.seen) });
      }
      if (marks.size === 0) return undefined;
      await on.query(
        write(
          'ticket_reads_write',
          `insert into read.ticket_reads as r (division, ticket_id, user_id, seen)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[])
on conflict (division, user_id, ticket_id) do update set seen = greatest(r.seen, excluded.seen)`,
          columnsOf('read.ticket_reads', [...marks.values()], {
            division: ({ division }) => division,
            ticket_id: ({ ticketId }) => ticketId,
            user_id: ({ userId }) => userId,
            seen: ({ seen }) => seen,
          }),
        ),
      );
      return undefined;
    },
  };
}
