/** The notifications of each person (docs/design/api.md#notifications), newest first. */
import { type Nullable, type RawBuilder, sql } from 'kysely';
import type { Recorded } from '../../domain/codec.ts';
import { type NotificationKind } from '../../domain/notifications/notification-kinds.ts';
import {
  LAYERS,
  type Layer,
  notificationsOf,
  notificationText,
  subjectsOf,
  NOTIFYING_STREAMS,
} from '../../domain/notifications/notification-rules.ts';
import type { Parked } from '../../domain/notifications/parked-notice.ts';
import { type NewNotification, walk } from './notify-state.ts';
import { writePreferences } from './preferences.ts';
import { SHOWN, UNREAD, unreadCount } from './unread.ts';
import { allOf, partsOf, type View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { BEHIND_ALL, pageOf, readPlace } from '../../engine/sql/keyset-pages.ts';
import { isoTime } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { ReadStore, Scope, Sql, WriteStore } from '../../ports.ts';

// ---------------------------------------------------------------- queries

/** A notification as the API shows it. */
export interface NotificationObject {
  readonly id: string;
  readonly kind: NotificationKind;
  readonly layer: Layer;
  readonly text: string;
  readonly ticket_id: string | null;
  readonly blast_id: string | null;
  readonly job_id: string | null;
  readonly invoice_id: string | null;
  /** How many tickets or messages it counts. */
  readonly count: number;
  /** What the person wrote who gave the ticket away. */
  readonly note: string | null;
  readonly created_at: string;
  readonly read_at: string | null;
  /** Since when nobody has to look at it any more. */
  readonly resolved_at: string | null;
}

type NotificationRow = Columns<
  'read.notifications',
  {
    id: 'id';
    position: 'position';
    ticketId: 'ticket_id';
    count: 'count';
    threshold: 'threshold';
    createdAt: 'created_at';
    readAt: 'read_at';
    parkedView: 'parked_view';
    parkedSubject: 'parked_subject';
    resolvedAt: 'resolved_at';
    blastId: 'blast_id';
    jobId: 'job_id';
    invoiceId: 'invoice_id';
  }
> &
  Nullable<Columns<'read.users', { actorName: 'name' }>> & {
    readonly kind: NotificationKind;
    readonly note: string | null;
    /** The person does not want to see this kind. */
    readonly isMuted: boolean;
  };

const ofUser = (
  userId: string,
) => sql`select n.id, n.position, n.kind, n.ticket_id as "ticketId", u.name as "actorName", n.count, n.threshold,
  n.created_at as "createdAt", n.read_at as "readAt", n.parked_view as "parkedView", n.parked_subject as "parkedSubject", n.resolved_at as "resolvedAt",
  n.blast_id as "blastId", n.job_id as "jobId", n.invoice_id as "invoiceId", case a.event when 'assigned' then a.metadata->>'note' when 'reassigned' then a.metadata->>'reason' end as note,
  p.in_app is not distinct from false as "isMuted"
from read.notifications n left join read.notification_preferences p on p.user_id = n.user_id and p.kind = n.kind
left join read.audit_log a on a.ticket_id = n.ticket_id and a.position = n.position and a.id = n.id
  and n.kind in ('ticket_assigned', 'waiting_ticket_assigned')
left join read.users u on u.id = n.actor_id where n.user_id = ${userId}`;

const pageQuery = (
  userId: string,
  before: string,
  most: number,
  kinds: readonly string[] | null,
  ticketId: string | null,
  condition: RawBuilder<unknown>,
) =>
  sql<NotificationRow>`${ofUser(userId)} and n.position < ${before} and ${SHOWN} and (${kinds}::text[] is null or n.kind = any(${kinds}::text[]))
  and (${ticketId}::uuid is null or n.ticket_id = ${ticketId}::uuid) ${condition} order by n.position desc limit ${most}`;
const allPage = statement(
  'notifications_page',
  (userId: string, before: string, most: number, kinds: readonly string[] | null, ticketId: string | null) =>
    pageQuery(userId, before, most, kinds, ticketId, sql``),
);
const unreadPage = statement(
  'notifications_unread_page',
  (userId: string, before: string, most: number, kinds: readonly string[] | null, ticketId: string | null) =>
    pageQuery(userId, before, most, kinds, ticketId, sql`and ${UNREAD}`),
);

const parkedOf = ({ parkedView: view, parkedSubject: subject }: NotificationRow): Parked | null =>
  view === null || subject === null ? null : { view, subject };

const objectOf = (row: NotificationRow): NotificationObject => ({
  id: row.id,
  kind: row.kind,
  layer: LAYERS[row.kind],
  text: notificationText({ ...row, parked: parkedOf(row) }, row.actorName),
  ticket_id: row.ticketId,
  blast_id: row.blastId,
  job_id: row.jobId,
  invoice_id: row.invoiceId,
  count: row.count,
  note: row.note,
  created_at: row.createdAt.toISOString(),
  read_at: row.readAt?.toISOString() ?? null,
  resolved_at: row.resolvedAt?.toISOString() ?? null,
});

export interface NotificationsPage {
  readonly limit: number;
  readonly cursor?: string;
  /** Only those that are not read yet. */
  readonly unread?: boolean;
  /** Only of these kinds. */
  readonly kinds?: readonly NotificationKind[];
  readonly ticketId?: string;
}

/** Their own are theirs wherever the ticket is: the note of a ticket of another division reaches who got it. */
const ownOf = ({ userId }: Scope): Scope => ({ kind: 'all', userId });

/**
 * The own notifications of the scope's user, newest first, and how many of all are unread.
 *
 *     select ... where n.user_id = $1 and n.position < $2 order by n.position desc limit 51
 *
 * @throws InvalidCursor
 */
export async function listNotifications(
  read: ReadStore,
  scope: Scope,
  { limit, cursor, unread = false, kinds, ticketId }: NotificationsPage,
): Promise<{
  readonly notifications: readonly NotificationObject[];
  readonly unread: number;
  readonly nextCursor: string | null;
}> {
  const before = readPlace('notifications', cursor) ?? BEHIND_ALL;
  const [rows, counted] = await read.scoped(ownOf(scope), (on) =>
    Promise.all([
      on.query(
        (unread ? unreadPage : allPage)(scope.userId, before, limit + 1, kinds ?? null, ticketId ?? null),
      ),
      on.query(unreadCount(scope.userId)),
    ]),
  );
  const { page, nextCursor } = pageOf('notifications', rows, limit);
  return { notifications: page.map(objectOf), unread: counted[0]?.n ?? 0, nextCursor };
}

const byIds = statement(
  'notifications_by_id',
  (userId: string, ids: readonly string[]) =>
    sql<NotificationRow>`${ofUser(userId)} and n.id = any(${ids}::uuid[])`,
);

/**
 * The notifications of the scope's user with these ids, in no order.
 * @param which `shown`: without those that the person does not want to see
 */
export async function notificationsById(
  read: ReadStore,
  scope: Scope,
  ids: readonly string[],
  which: 'all' | 'shown' = 'all',
): Promise<readonly NotificationObject[]> {
  const rows = await read.scoped(ownOf(scope), (on) => on.query(byIds(scope.userId, ids)));
  return rows.filter(({ isMuted }) => which === 'all' || !isMuted).map(objectOf);
}

const atPositions = statement(
  'notifications_at',
  (positions: readonly string[]) =>
    sql<
      Columns<
        'read.notifications',
        {
          id: 'id';
          userId: 'user_id';
          position: 'position';
          ticketId: 'ticket_id';
          actorId: 'actor_id';
          count: 'count';
          threshold: 'threshold';
        }
      > & { readonly kind: NotificationKind }
    >`select id, user_id as "userId", position, kind, ticket_id as "ticketId", actor_id as "actorId", count, threshold
from read.notifications where position = any(${positions})`,
);

/** Who is notified of the events at these places, for what sends it to them. @throws StoreUnavailable */
export const notificationsAt = (on: Pick<WriteStore, 'query'>, positions: readonly string[]) =>
  on.query(atPositions(positions));

const resolvedAt = statement(
  'notifications_resolved_at',
  (ticketIds: readonly string[], times: readonly string[]) => sql<
    Columns<'read.notifications', { id: 'id'; userId: 'user_id' }> & { readonly ticketId: string }
  >`select id, user_id as "userId", ticket_id as "ticketId" from read.notifications
where ticket_id = any(${ticketIds}::uuid[]) and kind = 'customer_message' and read_at is null
  and resolved_at = any(${times}::timestamptz[])`,
);

/** What nobody has to look at any more since what happened to these tickets at these times. @throws StoreUnavailable */
export const notificationsResolvedAt = async (
  on: Pick<WriteStore, 'query'>,
  changes: readonly { readonly ticketId: string; readonly at: string }[],
) =>
  changes.length === 0
    ? []
    : on.query(
        resolvedAt(
          changes.map(({ ticketId }) => ticketId),
          changes.map(({ at }) => at),
        ),
      );

const ofBlasts = statement(
  'notifications_of_blasts',
  (blastIds: readonly string[]) => sql<
    Columns<'read.notifications', { id: 'id'; userId: 'user_id' }> & { readonly blastId: string }
  >`select id, user_id as "userId", blast_id as "blastId" from read.notifications
where blast_id = any(${blastIds}::uuid[]) and kind = 'blast_waiting'`,
);

/** Who was told that these blasts wait for an approval: it is resolved for all of them. @throws StoreUnavailable */
export const notificationsOfBlasts = (on: Pick<WriteStore, 'query'>, blastIds: readonly string[]) =>
  on.query(ofBlasts(blastIds));

/** A notice that is not resolved yet, and who has it. */
export interface OpenNotice extends Parked {
  readonly noticeId: string;
  readonly recipients: readonly string[];
}

const openNotices = statement(
  'notices_open',
  () => sql<OpenNotice>`select id as "noticeId", parked_view as view, parked_subject as subject,
  array_agg(user_id::text order by user_id) as recipients
from read.notifications where kind = 'projection_parked' and resolved_at is null group by 1, 2, 3`,
);

/** What super admins were told of parked streams, for the job that looks after it. @throws StoreUnavailable */
export const listOpenNotices = (on: Pick<WriteStore, 'query'>): Promise<readonly OpenNotice[]> =>
  on.query(openNotices());

// ---------------------------------------------------------------- view

const writeNotifications = (on: Sql, notifications: readonly NewNotification[]): Promise<unknown> =>
  on.query(
    write(
      'notifications_insert',
      `insert into read.notifications (user_id, id, position, kind, ticket_id, actor_id, count, threshold, created_at,
  parked_view, parked_subject, blast_id, job_id, invoice_id)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::int[], $8::float8[],
  $9::timestamptz[], $10::text[], $11::text[], $12::uuid[], $13::uuid[], $14::uuid[])
on conflict (user_id, id) do nothing`,
      columnsOf('read.notifications', notifications, {
        user_id: ({ userId }) => userId,
        id: ({ event }) => event.id,
        position: ({ last }) => last.position,
        kind: ({ kind }) => kind,
        ticket_id: ({ ticketId }) => ticketId,
        actor_id: ({ actorId }) => actorId,
        count: ({ count }) => count,
        threshold: ({ threshold }) => threshold,
        created_at: ({ last }) => isoTime(last.metadata.at),
        parked_view: ({ parked }) => parked?.view ?? null,
        parked_subject: ({ parked }) => parked?.subject ?? null,
        blast_id: ({ event }) => subjectsOf(event).blastId,
        job_id: ({ event }) => subjectsOf(event).jobId,
        invoice_id: ({ event }) => subjectsOf(event).invoiceId,
      }),
    ),
  );

type NotificationRead = Extract<Recorded, { type: 'NotificationRead' }>;

const writeRead = (on: Sql, events: readonly NotificationRead[]): Promise<unknown> =>
  on.query(
    write(
      'notifications_read',
      `update read.notifications n set read_at = r.at
from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) r (user_id, id, at)
where n.user_id = r.user_id and n.id = r.id and n.read_at is null`,
      columnsOf('read.notifications', events, {
        user_id: ({ data }) => data.userId,
        id: ({ data }) => data.notificationId,
        read_at: ({ metadata }) => isoTime(metadata.at),
      }),
    ),
  );

type StreamFreed = Extract<Recorded, { type: 'ParkedStreamFreed' }>;

const writeResolved = (on: Sql, events: readonly StreamFreed[]): Promise<unknown> =>
  on.query(
    write(
      'notifications_resolved',
      `update read.notifications n set resolved_at = r.at
from unnest($1::uuid[], $2::timestamptz[]) r (id, at) where n.id = r.id and n.resolved_at is null`,
      columnsOf('read.notifications', events, {
        id: ({ data }) => data.noticeId,
        resolved_at: ({ metadata }) => isoTime(metadata.at),
      }),
    ),
  );

async function applyPart(on: Sql, events: readonly Recorded[]): Promise<void> {
  const { made, store } = await walk(on, events);
  const created = events.flatMap((event) =>
    notificationsOf(event).map((notification): NewNotification => ({ ...notification, event, last: event })),
  );
  // Both at once: what one connection is asked for it does in that order.
  const told = [...created, ...made];
  await allOf<unknown>([...(told.length > 0 ? [writeNotifications(on, told)] : []), store()]);
  const firstReads = new Map<string, NotificationRead>();
  for (const event of events) {
    if (event.type !== 'NotificationRead') continue;
    const key = `${event.data.userId} ${event.data.notificationId}`;
    // The first time counts, however often it is read.
    if (!firstReads.has(key)) firstReads.set(key, event);
  }
  if (firstReads.size > 0) await writeRead(on, [...firstReads.values()]);
  const freed = events.filter((event) => event.type === 'ParkedStreamFreed');
  if (freed.length > 0) await writeResolved(on, freed);
  const decided = events.filter((event) => DECIDES_BLAST.has(event.type));
  if (decided.length > 0) await writeDecided(on, decided);
}

/** A blast that was decided waits for nobody any more. */
export const DECIDES_BLAST: ReadonlySet<string> = new Set<Recorded['type']>([
  'BlastApproved',
  'BlastRejected',
  'BlastCancelled',
]);

const writeDecided = (on: Sql, events: readonly Recorded[]): Promise<unknown> =>
  on.query(
    write(
      'notifications_blast_decided',
      `update read.notifications n set resolved_at = d.at
from (select blast_id, min(at) as at from unnest($1::uuid[], $2::timestamptz[]) x (blast_id, at) group by 1) d
where n.blast_id = d.blast_id and n.kind = 'blast_waiting' and n.resolved_at is null`,
      columnsOf('read.notifications', events, {
        blast_id: ({ data }) => ('blastId' in data ? data.blastId : null),
        resolved_at: ({ metadata }) => isoTime(metadata.at),
      }),
    ),
  );

/** The view `read.notifications`. */
export function notificationsView(): View {
  return {
    name: 'notifications',
    streams: [...NOTIFYING_STREAMS, 'notifications-', 'preferences-'],
    tables: ['notifications', 'notify_tickets', 'notify_messages', 'notification_preferences'],
    forget: () => undefined,
    apply: async (on, events) => {
      let read = new Set<string>();
      // A part writes notifications before it marks them as read. So a new part begins where one is read before it is there.
      const parts = partsOf(events, (event) => {
        if (event.type === 'NotificationRead') read.add(event.data.notificationId);
        if (!read.has(event.id)) return false;
        read = new Set();
        return true;
      });
      for (const part of parts) await applyPart(on, part);
      await writePreferences(on, events);
      return undefined;
    },
  };
}
