/** Wakes tickets that were put aside, when their time is up or their customer wrote (docs/design/business-rules.md#snooze). */
import type { Snooze } from '../../commands/tickets/snooze.ts';
import { UndecodableEvent } from '../../domain/codec.ts';
import { type Clock, type Ids, type Leases, type Logger, NOBODY, type ReadStore } from '../../ports.ts';
import { listToWake } from '../../projections/routing/agent-workload.ts';
import { type Job, runWhileLeader } from '../../engine/jobs/run-while-leader.ts';
import type { SkippedEvents } from '../../engine/jobs/skipped-events.ts';
import { sleep } from '../../engine/jobs/sleep.ts';

export interface SnoozeJobDeps {
  readonly read: ReadStore;
  readonly snooze: Pick<Snooze, 'wake'>;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly skipped: Pick<SkippedEvents, 'skip'>;
  /** How often to look. Default 2 s. */
  readonly everyMs?: number;
}

const JOB = 'snooze';

export const createSnoozeJob = (deps: SnoozeJobDeps): Job =>
  runWhileLeader(deps.leases, JOB, async (signal) => {
    while (!signal.aborted) {
      try {
        await wakeAll(deps);
      } catch (error) {
        deps.log.warn({ err: error }, 'tickets that were put aside could not be looked at, trying again');
      }
      await sleep(deps.everyMs ?? 2_000, signal);
    }
  });

/** The read table says which to look at; the decision is made on the streams, so a late table wakes nothing twice. */
async function wakeAll({ read, snooze, clock, ids, log, skipped }: SnoozeJobDeps): Promise<void> {
  const cause = ids.next();
  let count = 0;
  for (const { id, byCustomer } of await listToWake(read, NOBODY, clock.now())) {
    try {
      if (await snooze.wake(id, byCustomer ? 'customer' : 'time', cause)) count += 1;
    } catch (error) {
      // The other tickets are looked at all the same.
      if (!(error instanceof UndecodableEvent)) throw error;
      skipped.skip(JOB, error);
    }
  }
  if (count > 0) log.info({ count }, 'tickets woke that were put aside');
}
