/**
 * Takes people offline of whom nothing was heard (docs/design/business-rules.md#presence): no request and no open stream of
 * any of their sessions. Tickets must not be given to an empty desk.
 */
import type { Activity, Clock, Leases, Logger } from '../../ports.ts';
import { UndecodableEvent } from '../../domain/codec.ts';
import { type Job, runWhileLeader } from '../../engine/jobs/run-while-leader.ts';
import type { SkippedEvents } from '../../engine/jobs/skipped-events.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import { onlineUserIds, type StaffTables } from '../../projections/staff/users.ts';

export interface PresenceTimeoutDeps {
  readonly staff: StaffTables;
  readonly activity: Pick<Activity, 'silentSince'>;
  /** @returns whether they were online */
  readonly gone: (userId: string) => Promise<boolean>;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Logger;
  readonly skipped: Pick<SkippedEvents, 'skip'>;
  readonly timeoutMs: number;
  /** How often to look. */
  readonly everyMs: number;
}

const JOB = 'presence-timeout';

export const createPresenceTimeout = (deps: PresenceTimeoutDeps): Job =>
  runWhileLeader(deps.leases, JOB, async (signal) => {
    while (!signal.aborted) {
      try {
        await takeSilentOffline(deps);
      } catch (err) {
        deps.log.warn({ err, job: JOB }, 'presence could not be looked at, trying again');
      }
      await sleep(deps.everyMs, signal);
    }
  });

/** Looks once. The read table says whom to look at; the stream decides. @throws StoreUnavailable */
async function takeSilentOffline(deps: PresenceTimeoutDeps): Promise<void> {
  const { staff, activity, gone, clock, log, skipped, timeoutMs } = deps;
  const since = new Date(clock.now().getTime() - timeoutMs);
  let count = 0;
  for (const userId of await activity.silentSince(await onlineUserIds(staff), since)) {
    try {
      if (await gone(userId)) count += 1;
    } catch (error) {
      // The others are looked at all the same.
      if (!(error instanceof UndecodableEvent)) throw error;
      skipped.skip(JOB, error);
    }
  }
  if (count > 0) log.info({ count }, 'people taken offline of whom nothing was heard');
}
