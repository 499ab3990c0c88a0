/** Wires notifications: the feed of the live stream, and push where it is configured. */
import { channelHttp } from '../../adapters/channels/http.ts';
import { createJobCheckpoints } from '../../adapters/operational/job-checkpoints.ts';
import { createPushDevices } from '../../adapters/operational/push-devices.ts';
import { staffGroupOf } from '../../channels/registry.ts';
import { decode } from '../../domain/codec.ts';
import { messageWordingOf } from '../../http/conversation/message-wording.ts';
import { createFileLinks } from '../../http/media/file-links.ts';
import { createNotifier } from '../../jobs/notifications/notifier.ts';
import { createStaffGroup } from '../../jobs/notifications/staff-group.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { PushDevices } from '../../ports.ts';
import { createLiveFeed, type LiveFeed } from '../../projections/live/live.ts';
import type { ProgramContext } from '../context.ts';

export const devicesOf = ({ stores, clock, ids }: ProgramContext): PushDevices =>
  createPushDevices(stores.postgres.writes, clock, ids);

/** @returns null when neither Web Push nor FCM is configured */
export function notifierOf(context: ProgramContext): Job | null {
  const { push } = context;
  if (push.publicKey === null && !push.native) return null;
  const { stores, projectionStatus, leases, clock, log, skipped } = context;
  return createNotifier({
    store: stores.events,
    checkpoints: createJobCheckpoints(stores.postgres.writes),
    projectionStatus,
    devices: devicesOf(context),
    push,
    staff: stores.postgres.writes,
    leases,
    clock,
    log,
    skipped,
  });
}

/**
 * Follows the store from the start of the process. The API stops it before its server.
 * @param jwtSecret that links to files are signed by
 */
export function startLive(
  { stores, projectionStatus, clock, config, log }: ProgramContext,
  jwtSecret: Uint8Array,
): LiveFeed {
  const links = createFileLinks(jwtSecret, clock);
  const feed = createLiveFeed({
    store: stores.events,
    projectionStatus,
    read: stores.postgres.reads,
    staff: stores.postgres.writes,
    clock,
    idleAfterHours: config.IDLE_AFTER_HOURS,
    messageWording: messageWordingOf(links, config.PUBLIC_URL ?? null),
    decode,
    logger: log,
  });
  feed.start();
  return feed;
}

/** @returns null when no group of staff is configured */
export function staffGroupJobOf({
  config,
  stores,
  commands: { handler },
  leases,
  clock,
  log,
  skipped,
}: ProgramContext): Job | null {
  const group = staffGroupOf({ config, http: channelHttp });
  if (group === null) return null;
  const checkpoints = createJobCheckpoints(stores.postgres.writes);
  return createStaffGroup({ store: stores.events, handler, checkpoints, group, leases, clock, log, skipped });
}
