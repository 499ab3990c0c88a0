/** What each person was told (contract.md 8): a list of their own, newest first. */
import type { Recorded } from '../../domain/codec.ts';
import {
  LAYERS,
  type Layer,
  type Notification,
  type NotificationKind,
  notificationsOf,
  notificationText,
  NOTIFYING_STREAMS,
} from '../../domain/notifications/notification-rules.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import { BEHIND_ALL, pageOf, readPlace } from '../../engine/sql/keyset-pages.ts';
import { isoTime } from '../../engine/sql/postgres-text.ts';
import { columns, partsOf, type View } from '../../engine/projections/view.ts';

// ---------------------------------------------------------------- queries

/** As it goes over the wire. */
export interface NotificationObject {
  readonly id: string;
  readonly kind: NotificationKind;
  readonly layer: Layer;
  readonly text: string;
  readonly ticket_id: string | null;
  readonly created_at: string;
  readonly read_at: string | null;
}

interface Row {
  readonly id: string;
  readonly position: string;
  readonly kind: NotificationKind;
  readonly ticketId: string | null;
  readonly actorName: string | null;
  readonly count: number;
  readonly threshold: number | null;
  readonly createdAt: Date;
  readonly readAt: Date | null;
}

const SELECT = `select n.id, n.position, n.kind, n.ticket_id as "ticketId", u.name as "actorName", n.count, n.threshold,
  n.created_at as "createdAt", n.read_at as "readAt"
from read.notifications n left join read.users u on u.id = n.actor_id where n.user_id = $1`;

const objectOf = (row: Row): NotificationObject => ({
  id: row.id,
  kind: row.kind,
  layer: LAYERS[row.kind],
  text: notificationText(row, row.actorName),
  ticket_id: row.ticketId,
  created_at: row.createdAt.toISOString(),
  read_at: row.readAt?.toISOString() ?? null,
});

export interface NotificationsPage {
  readonly limit: number;
  readonly cursor?: string;
  /** Only what was not read yet. */
  readonly unread?: boolean;
}

/**
 * The scope's user's own notifications, newest first, and how many they have not read.
 *
 *     select ... where n.user_id = $1 and n.position < $2 order by n.position desc limit 51
 *
 * @throws InvalidCursor
 */
export async function listNotifications(
  read: ReadStore,
  scope: Scope,
  { limit, cursor, unread = false }: NotificationsPage,
): Promise<{
  readonly notifications: readonly NotificationObject[];
  readonly unread: number;
  readonly nextCursor: string | null;
}> {
  const before = readPlace('notifications', cursor) ?? BEHIND_ALL;
  const [rows, counted] = await read.scoped(scope, (sql) =>
    Promise.all([
      sql.query<Row>({
        name: unread ? 'notifications_unread_page' : 'notifications_page',
        text: `${SELECT} and n.position < $2 ${unread ? 'and n.read_at is null' : ''} order by n.position desc limit $3`,
        values: [scope.userId, before, limit + 1],
      }),
      sql.query<{ n: number }>({
        name: 'notifications_count',
        text: 'select count(*)::int as n from read.notifications where user_id = $1 and read_at is null',
        values: [scope.userId],
      }),
    ]),
  );
  const { page, nextCursor } = pageOf('notifications', rows, limit);
  return {
    notifications: page.map(objectOf),
    unread: counted[0]?.n ?? 0,
    nextCursor,
  };
}

/** Those of the scope's user among `ids`, in no order. */
export async function notificationsById(
  read: ReadStore,
  scope: Scope,
  ids: readonly string[],
): Promise<readonly NotificationObject[]> {
  const rows = await read.scoped(scope, (sql) =>
    sql.query<Row>({
      name: 'notifications_by_id',
      text: `${SELECT} and n.id = any($2::uuid[])`,
      values: [scope.userId, ids],
    }),
  );
  return rows.map(objectOf);
}

// ---------------------------------------------------------------- view

interface Told extends Notification {
  readonly event: Recorded;
}

const writeTold = (sql: Sql, told: readonly Told[]): Promise<unknown> =>
  sql.query({
    name: 'notifications_insert',
    text: `insert into read.notifications (user_id, id, position, kind, ticket_id, actor_id, count, threshold, created_at)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::int[], $8::float8[],
  $9::timestamptz[])
on conflict (user_id, id) do nothing`,
    values: columns(
      told,
      ({ userId }) => userId,
      ({ event }) => event.id,
      ({ event }) => event.position,
      ({ kind }) => kind,
      ({ ticketId }) => ticketId,
      ({ actorId }) => actorId,
      ({ count }) => count,
      ({ threshold }) => threshold,
      ({ event }) => isoTime(event.metadata.at),
    ),
  });

async function applyPart(sql: Sql, events: readonly Recorded[]): Promise<void> {
  const told = events.flatMap((event) => notificationsOf(event).map((one): Told => ({ ...one, event })));
  if (told.length > 0) await writeTold(sql, told);
  const read = new Map<string, Extract<Recorded, { type: 'NotificationRead' }>>();
  for (const event of events) {
    if (event.type !== 'NotificationRead') continue;
    const key = `${event.data.userId} ${event.data.notificationId}`;
    // Read once is read, however often it is said.
    if (!read.has(key)) read.set(key, event);
  }
  if (read.size === 0) return;
  await sql.query({
    name: 'notifications_read',
    text: `update read.notifications n set read_at = r.at
from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) r (user_id, id, at)
where n.user_id = r.user_id and n.id = r.id and n.read_at is null`,
    values: columns(
      [...read.values()],
      ({ data }) => data.userId,
      ({ data }) => data.notificationId,
      ({ metadata }) => isoTime(metadata.at),
    ),
  });
}

export function notificationsView(): View {
  return {
    name: 'notifications',
    streams: [...NOTIFYING_STREAMS, 'notifications-'],
    tables: ['notifications'],
    forget: () => undefined,
    apply: async (sql, events) => {
      let read = new Set<string>();
      // Nobody has read what they were not told yet.
      const parts = partsOf(events, (event) => {
        if (event.type === 'NotificationRead') read.add(event.data.notificationId);
        if (!read.has(event.id)) return false;
        read = new Set();
        return true;
      });
      for (const part of parts) await applyPart(sql, part);
      return undefined;
    },
  };
}
