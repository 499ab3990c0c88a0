/**
 * Tells people's devices (Web Push). Follows the store from a checkpoint of its own, so that a rebuild tells nobody
 * again; each push is claimed before it goes out, so that none goes out twice, and one that is lost stays lost.
 */
import pLimit from 'p-limit';
import type { Recorded } from '../../domain/codec.ts';
import {
  LAYERS,
  type Notification,
  notificationsOf,
  notificationText,
  TELLING_STREAMS,
} from '../../domain/notifications/notification-rules.ts';
import {
  type Clock,
  type EventStore,
  type JobCheckpoints,
  type Leases,
  type Logger,
  type Position,
  type PushDevice,
  type PushDevices,
  type PushSender,
  START,
} from '../../ports.ts';
import type { ProjectionStatus } from '../../engine/projections/projection-status.ts';
import type { StaffTables } from '../../projections/staff/users.ts';
import { retry } from '../../engine/jobs/retry.ts';
import { decodeOrSkip } from '../../engine/jobs/decode-or-skip.ts';
import { statement } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';

export interface NotifierDeps {
  readonly store: Pick<EventStore, 'subscribe' | 'head' | 'storeId'>;
  readonly checkpoints: JobCheckpoints;
  readonly projectionStatus: Pick<ProjectionStatus, 'waitFor'>;
  readonly devices: Pick<PushDevices, 'reachable' | 'claim' | 'forget'>;
  readonly push: Pick<PushSender, 'send'>;
  readonly staff: StaffTables;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Notifier {
  /** Works while this process holds the lease `notifier`. Resolves after `signal`. */
  run(signal: AbortSignal): Promise<void>;
}

const JOB = 'notifier';
/** What happened longer ago is not pushed any more: it stands in the list, and a phone that rings about it disturbs. */
const FRESH_MS = 3_600_000;
const AT_ONCE = 8;
/** Who opens the push should find it in the list. */
const PATIENCE_MS = 2_000;

export function createNotifier(deps: NotifierDeps): Notifier {
  return { run: (signal) => deps.leases.hold('notifier', signal, (lease) => term(deps, lease.signal)) };
}

async function term(deps: NotifierDeps, signal: AbortSignal): Promise<void> {
  const failed = (err: unknown, backoff: number): void => {
    deps.log.warn({ err, backoff }, 'push notifications interrupted, trying again');
  };
  await retry((went) => follow(deps, signal, went), { signal, failed });
}

/** Where it was, or at the end of the store: who subscribes today wants nothing of last year. */
async function begin({ store, checkpoints }: NotifierDeps): Promise<{ storeId: string; at: Position }> {
  const [storeId, head] = [await store.storeId(), await store.head()];
  const known = await checkpoints.read(JOB);
  if (known && (known.storeId !== storeId || known.position > head)) {
    throw new Error(
      `the event store is another one than ${JOB} followed, or an earlier state of it: npm run store:accept`,
    );
  }
  if (!known) await checkpoints.move(JOB, storeId, null, head);
  return { storeId, at: known?.position ?? head };
}

async function follow(deps: NotifierDeps, signal: AbortSignal, went: () => void): Promise<void> {
  const { storeId, at } = await begin(deps);
  let position = at;
  const filter = { streamPrefixes: TELLING_STREAMS };
  for await (const batch of deps.store.subscribe({ after: position, filter, signal })) {
    for (const stored of batch.events) {
      if (signal.aborted) return;
      const event = decodeOrSkip(stored, (err) => {
        deps.log.error({ err, eventId: stored.id }, 'nobody is told of an event that cannot be read');
      });
      if (event) await tell(deps, event);
    }
    if (batch.checkpoint !== position && batch.checkpoint !== START) {
      await deps.checkpoints.move(JOB, storeId, position, batch.checkpoint);
      position = batch.checkpoint;
    }
    went();
  }
}

async function tell(deps: NotifierDeps, event: Recorded): Promise<void> {
  const told = notificationsOf(event);
  if (told.length === 0) return;
  if (deps.clock.now().getTime() - Date.parse(event.metadata.at) > FRESH_MS) return;
  const devices = await deps.devices.reachable(told.map(({ userId }) => userId));
  if (devices.length === 0) return;
  await deps.projectionStatus.waitFor(event.position, PATIENCE_MS);
  const actorName = await nameOf(deps.staff, told[0]?.actorId ?? null);
  const mine = await deps.devices.claim(
    event.id,
    devices.map(({ id }) => id),
  );
  const limit = pLimit(AT_ONCE);
  await Promise.all(
    devices
      .filter(({ id }) => mine.has(id))
      .map((device) => limit(() => send(deps, device, event.id, told, actorName))),
  );
}

async function send(
  { devices, push }: NotifierDeps,
  device: PushDevice,
  id: string,
  told: readonly Notification[],
  actorName: string | null,
): Promise<void> {
  const one = told.find(({ userId }) => userId === device.userId);
  if (!one) return;
  if ((await push.send(device, payloadOf(id, one, actorName))) === 'gone') await devices.forget(device.id);
}

/** What a phone shows, locked in a pocket or lying on a table: of an internal note only that there is one. */
function payloadOf(id: string, one: Notification, actorName: string | null): object {
  const layer = LAYERS[one.kind];
  if (layer === 'L2') return { id, kind: one.kind, layer, text: 'Ada catatan internal untuk Anda' };
  return { id, kind: one.kind, layer, text: notificationText(one, actorName), ticket_id: one.ticketId };
}

const userName = statement('user_name', (id: string) =>
  tables.selectFrom('read.users').select('name').where('id', '=', id),
);

async function nameOf(staff: StaffTables, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const [row] = await staff.query(userName(id));
  return row?.name ?? null;
}
