/** What the live stream sends of what somebody has read. */
import { sql } from 'kysely';
import type { Recorded } from '../../domain/codec.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import { NOBODY, type ReadStore } from '../../ports.ts';
import type { Rendered } from './rendered.ts';

const unreadOf = statement(
  'live_unread',
  (userIds: readonly string[], ticketIds: readonly string[]) => sql<
    Columns<'read.ticket_reads', { userId: 'user_id'; ticketId: 'ticket_id' }> & { unread: number }
  >`select r.user_id as "userId", r.ticket_id as "ticketId", greatest(t.customer_messages - r.seen, 0)::int as unread
from unnest(${userIds}::uuid[], ${ticketIds}::uuid[]) w (user_id, ticket_id)
join read.ticket_directory d on d.ticket_id = w.ticket_id
join read.ticket_reads r on r.division = d.division and r.user_id = w.user_id and r.ticket_id = w.ticket_id
join read.tickets t on t.division = d.division and t.id = w.ticket_id`,
);

/** What somebody read on one of their devices, for the others. */
export async function liveUnread(
  { read }: { readonly read: ReadStore },
  events: readonly Recorded[],
): Promise<Rendered[]> {
  const marks = new Map(
    events.flatMap((event) =>
      event.type === 'TicketRead' ? [[`${event.data.userId} ${event.data.ticketId}`, event] as const] : [],
    ),
  );
  if (marks.size === 0) return [];
  const all = [...marks.values()];
  const rows = await read.scoped({ kind: 'all', userId: NOBODY }, (on) =>
    on.query(
      unreadOf(
        all.map(({ data }) => data.userId),
        all.map(({ data }) => data.ticketId),
      ),
    ),
  );
  return rows.map(({ userId, ticketId, unread: count }) => ({
    position: marks.get(`${userId} ${ticketId}`)?.position ?? '',
    event: 'unread',
    audience: { kind: 'user', userId },
    data: JSON.stringify({ ticket_id: ticketId, unread_count: count }),
  }));
}
