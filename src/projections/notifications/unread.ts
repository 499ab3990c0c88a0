/** What a person has not read yet: it is shown to them, and nobody settled it meanwhile. */
import { sql } from 'kysely';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { ReadStore, Scope, WriteStore } from '../../ports.ts';

/** Of `read.notifications n` and the preferences `p` of its kind. */
export const SHOWN = sql.raw('p.in_app is distinct from false');
export const UNREAD = sql.raw('n.read_at is null and n.resolved_at is null');

const unreadOf = sql`read.notifications n left join read.notification_preferences p on p.user_id = n.user_id and p.kind = n.kind
where ${SHOWN} and ${UNREAD}`;

export const unreadCount = statement(
  'notifications_count',
  (userId: string) =>
    sql<{ readonly n: number }>`select count(*)::int as n from ${unreadOf} and n.user_id = ${userId}`,
);

const unreadCounts = statement(
  'notifications_counts',
  (userIds: readonly string[]) =>
    sql<{
      readonly userId: string;
      readonly n: number;
    }>`select n.user_id as "userId", count(*)::int as n from ${unreadOf}
  and n.user_id = any(${userIds}::uuid[]) group by 1`,
);

/** How many each of these people has not read, for the number on the icon of their phone. @throws StoreUnavailable */
export async function countUnread(
  on: Pick<WriteStore, 'query'>,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  return new Map((await on.query(unreadCounts(userIds))).map(({ userId, n }) => [userId, n]));
}

const unreadIds = statement(
  'notifications_unread_ids',
  (userId: string, before: Date, most: number, ids: readonly string[] | null, ticketId: string | null) =>
    sql<
      Columns<'read.notifications', { id: 'id' }>
    >`select n.id from ${unreadOf} and n.user_id = ${userId} and n.created_at <= ${before}
  and (${ids}::uuid[] is null or n.id = any(${ids}::uuid[])) and (${ticketId}::uuid is null or n.ticket_id = ${ticketId}::uuid)
  order by n.position desc limit ${most}`,
);

/** Which of the scope's user's notifications are meant: all that are left out narrow nothing. */
export interface UnreadWanted {
  readonly ids?: readonly string[];
  readonly ticketId?: string;
  readonly before: Date;
}

/** Ids of the unread ones that are meant, newest first, at most `most`; and how many are unread in all. */
export async function unreadNotifications(
  read: ReadStore,
  scope: Scope,
  { ids, ticketId, before }: UnreadWanted,
  most: number,
): Promise<{ readonly ids: readonly string[]; readonly unread: number }> {
  const [rows, counted] = await read.scoped({ kind: 'all', userId: scope.userId }, (on) =>
    Promise.all([
      on.query(unreadIds(scope.userId, before, most, ids ?? null, ticketId ?? null)),
      on.query(unreadCount(scope.userId)),
    ]),
  );
  return { ids: rows.map(({ id }) => id), unread: counted[0]?.n ?? 0 };
}
