/**
 * Notifies people's devices (Web Push, FCM). Follows the store from a checkpoint of its own, so that a rebuild notifies nobody
 * again; each push is claimed before it goes out, so that none goes out twice, and one that is lost stays lost.
 */
import pLimit from 'p-limit';
import type { Recorded } from '../../domain/codec.ts';
import type { Notification, NotificationKind } from '../../domain/notifications/notification-kinds.ts';
import {
  LAYERS,
  NOTIFIES_BY_STATE,
  notificationsOf,
  notificationText,
  NOTIFYING_STREAMS,
  subjectsOf,
} from '../../domain/notifications/notification-rules.ts';
import type { Clock, JobCheckpoints, PushDevice, PushDevices, PushPayload, PushSender } from '../../ports.ts';
import type { ProjectionStatus } from '../../engine/projections/projection-status.ts';
import { notificationsAt } from '../../projections/notifications/notifications.ts';
import { preferencesOf } from '../../projections/notifications/preferences.ts';
import { countUnread } from '../../projections/notifications/unread.ts';
import type { StaffTables } from '../../projections/staff/users.ts';
import { createReactor, type ReactorDeps } from '../../engine/jobs/reactor.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import { statement } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';

export interface NotifierDeps extends ReactorDeps {
  readonly checkpoints: JobCheckpoints;
  readonly projectionStatus: Pick<ProjectionStatus, 'waitFor'>;
  readonly devices: Pick<PushDevices, 'reachable' | 'claim' | 'forget'>;
  readonly push: Pick<PushSender, 'send'>;
  readonly staff: StaffTables;
  readonly clock: Clock;
}

/** What happened longer ago is not pushed any more: it is in the list, and a phone that rings about it only disturbs. */
const FRESH_MS = 3_600_000;
const AT_ONCE = 8;
/** A person who opens the push should find it in the list. */
const PATIENCE_MS = 2_000;
/** Only the view knows whom some events notify. */
const STATE_PATIENCE_MS = 10_000;
const BY_STATE: ReadonlySet<NotificationKind> = new Set([
  'customer_message',
  'message_failed',
  'internal_note',
]);

/** `id`: where it is not that of the event. */
type Pushed = Notification & { readonly id?: string };

/** Holds the lease `notifier`. Begins at the end of the store: a new subscriber wants nothing of last year. */
export const createNotifier = (deps: NotifierDeps): Job =>
  createReactor(deps, {
    name: 'notifier',
    streamPrefixes: NOTIFYING_STREAMS,
    position: { checkpoints: deps.checkpoints, firstRun: 'end of store', wrongStore: 'stay off' },
    start: () => ({ handle: (event) => notify(deps, event) }),
  });

async function notify(deps: NotifierDeps, event: Recorded): Promise<void> {
  if (deps.clock.now().getTime() - Date.parse(event.metadata.at) > FRESH_MS) return;
  const notifications = [...notificationsOf(event), ...(await notificationsByState(deps, event))];
  if (notifications.length === 0) return;
  const people = [...new Set(notifications.map(({ userId }) => userId))];
  const reachable = await deps.devices.reachable(people);
  if (reachable.length === 0) return;
  await deps.projectionStatus.waitFor(event.position, PATIENCE_MS);
  const [preferenceOf, unread] = await Promise.all([
    preferencesOf(deps.staff, people),
    countUnread(deps.staff, people),
  ]);
  const wanted: readonly Pushed[] = notifications.filter(
    ({ userId, kind }) => preferenceOf(userId, kind).push,
  );
  const devices = reachable.filter((device) => wanted.some(({ userId }) => userId === device.userId));
  if (devices.length === 0) return;
  const actorName = await nameOf(deps.staff, notifications[0]?.actorId ?? null);
  const claimed = await deps.devices.claim(
    event.id,
    devices.map(({ id }) => id),
  );
  const limit = pLimit(AT_ONCE);
  const payloadFor = ({ userId }: PushDevice): PushPayload | undefined => {
    const own = wanted.find((one) => one.userId === userId);
    return (
      own &&
      payloadOf(own, {
        id: own.id ?? event.id,
        actorName,
        subjects: subjectsOf(event),
        badge: unread.get(userId) ?? 0,
        isHeard: preferenceOf(userId, own.kind).sound,
      })
    );
  };
  await Promise.all(
    devices
      .filter(({ id }) => claimed.has(id))
      .map((device) => limit(() => send(deps, device, payloadFor(device)))),
  );
}

/** Those that follow from more than their event, as the view has them. One that counts several has an id of its own. */
async function notificationsByState(
  { projectionStatus, staff }: NotifierDeps,
  event: Recorded,
): Promise<readonly Pushed[]> {
  if (!NOTIFIES_BY_STATE.has(event.type)) return [];
  await projectionStatus.waitFor(event.position, STATE_PATIENCE_MS);
  const rows = await notificationsAt(staff, [event.position]);
  return rows.filter(({ kind }) => BY_STATE.has(kind)).map((row) => ({ ...row, parked: null }));
}

async function send(
  { devices, push }: NotifierDeps,
  device: PushDevice,
  payload: PushPayload | undefined,
): Promise<void> {
  if (payload === undefined) return;
  if ((await push.send(device, payload)) === 'gone') await devices.forget(device.id);
}

interface PushedWith {
  readonly id: string;
  readonly actorName: string | null;
  readonly subjects: ReturnType<typeof subjectsOf>;
  /** How many the person has not read. */
  readonly badge: number;
  readonly isHeard: boolean;
}

/** A locked phone shows it to everybody near: of an internal note it says only that there is one. */
function payloadOf(
  notification: Notification,
  { id, actorName, subjects, badge, isHeard }: PushedWith,
): PushPayload {
  const { kind, ticketId } = notification;
  const layer = LAYERS[kind];
  const sound = isHeard ? (layer === 'L2' ? 'l2' : 'l1') : null;
  return {
    id,
    kind,
    layer,
    text: layer === 'L2' ? 'Ada catatan internal untuk Anda' : notificationText(notification, actorName),
    ticket_id: ticketId,
    blast_id: subjects.blastId,
    job_id: subjects.jobId,
    invoice_id: subjects.invoiceId,
    badge,
    sound,
  };
}

const userName = statement('user_name', (id: string) =>
  tables.selectFrom('read.users').select('name').where('id', '=', id),
);

async function nameOf(staff: StaffTables, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const [row] = await staff.query(userName(id));
  return row?.name ?? null;
}
