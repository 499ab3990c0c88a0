/** Where a job that follows the events goes on after a restart. */
import type { EventStore, JobCheckpoints, Logger, Position } from '../../ports.ts';
import { START, StoreUnavailable } from '../../ports.ts';
import { sleep } from './sleep.ts';

const SAVE_MS = 250;

interface Deps {
  readonly store: Pick<EventStore, 'storeId' | 'head'>;
  readonly checkpoints: JobCheckpoints;
  readonly log: Logger;
}

export interface SubscriptionCheckpoint {
  readonly storeId: string;
  readonly position: Position;
  readonly settledTo?: Position | null;
  readonly seenTo?: Position | null;
}

/** What mends it stands in the message: nobody may find out only by what was not sent. @throws Error the checkpoint belongs to another store, or to a later state of this one (reliability.md 2.4) */
export async function loadCheckpoint(
  job: string,
  { store, checkpoints }: Deps,
): Promise<SubscriptionCheckpoint> {
  const storeId = await store.storeId();
  const found = await checkpoints.read(job);
  if (!found) {
    await checkpoints.move(job, storeId, null, START);
    return { storeId, position: START };
  }
  if (found.storeId !== storeId)
    throw new Error(
      `${job} stays off: its checkpoint in ops.job_checkpoints is of another event store: npm run store:accept`,
    );
  const furthest = [found.position, found.seenTo ?? START, found.viewsTo ?? START].sort().at(-1) ?? START;
  if (furthest > (await store.head())) {
    // On record before anything else is tried: once the views are rebuilt, nothing else tells that an end was lost.
    if (furthest !== found.seenTo)
      await checkpoints.move(job, storeId, found.position, found.position, furthest);
    throw new Error(
      `${job} stays off: its checkpoint is ahead of the event store (restored from a backup?): npm run store:accept`,
    );
  }
  return found;
}

/**
 * Keeps the checkpoint on record, now and then: what was read since is read again and found settled.
 * @param seen how far the job has looked, where that is further than what it owes
 * @returns after `stopping`: a function that saves once more
 * @throws JobCheckpointTaken another process does this job now
 */
export async function saveCheckpointUntil(
  job: string,
  stopping: AbortSignal,
  { checkpoints, log }: Deps,
  from: SubscriptionCheckpoint,
  now: () => Position,
  seen: () => Position = now,
): Promise<() => Promise<void>> {
  let saved = from.position;
  let savedSeen = from.seenTo ?? saved;
  async function save(): Promise<void> {
    const [position, seenTo] = [now(), seen()];
    if (position === saved && seenTo === savedSeen) return;
    try {
      await checkpoints.move(job, from.storeId, saved, position, seenTo);
      saved = position;
      savedSeen = seenTo;
    } catch (err) {
      if (!(err instanceof StoreUnavailable)) throw err;
      log.warn({ err, job }, 'a checkpoint is not saved');
    }
  }
  while (!stopping.aborted) {
    await sleep(SAVE_MS, stopping);
    await save();
  }
  return save;
}
