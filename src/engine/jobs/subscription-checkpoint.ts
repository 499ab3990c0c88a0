/** Where a job that follows the events goes on after a restart. */
import type { EventStore, JobCheckpoints, Logger, Position } from '../../ports.ts';
import { START, StoreUnavailable } from '../../ports.ts';
import { sleep } from './sleep.ts';

const SAVE_MS = 250;

export interface CheckpointDeps {
  readonly store: Pick<EventStore, 'storeId' | 'head'>;
  readonly checkpoints: JobCheckpoints;
  readonly log: Logger;
}

export interface CheckpointOptions {
  /** Where a job begins that never ran: at the first event, or after the last one. */
  readonly firstRun: 'first event' | 'end of store';
  /**
   * When the checkpoint is of another store (docs/design/reliability.md#the-right-store). `stay off`: until a person decides, for what the job did would be
   * done again. `start over`: from the first event, for what it does may be done again.
   */
  readonly wrongStore: 'stay off' | 'start over';
}

export interface SubscriptionCheckpoint {
  readonly storeId: string;
  readonly position: Position;
  readonly settledTo?: Position | null;
  readonly seenTo?: Position | null;
  /** Not to be saved: the checkpoint on record is of another store, and nobody has said yet which one is right. */
  readonly readOnly?: boolean;
}

/** @throws Error the checkpoint belongs to another store. The message says what to do. */
export async function loadCheckpoint(
  job: string,
  { store, checkpoints }: CheckpointDeps,
  { firstRun, wrongStore }: CheckpointOptions,
): Promise<SubscriptionCheckpoint> {
  const storeId = await store.storeId();
  const found = await checkpoints.read(job);
  if (!found) {
    const position = firstRun === 'first event' ? START : await store.head();
    await checkpoints.move(job, storeId, null, position);
    return { storeId, position };
  }
  if (found.storeId === storeId) return found;
  if (wrongStore === 'start over') return { storeId, position: START, readOnly: true };
  throw new Error(
    `${job} stays off: its checkpoint in ops.job_checkpoints is of another event store: npm run store:accept`,
  );
}

/**
 * Keeps the checkpoint on record, now and then: what was read since is read again after a kill, and found settled.
 * @param position nothing at or before it has to be read again
 * @param seen how far the job has looked, where that is further
 * @returns after `stopping`: a function that saves once more
 * @throws JobCheckpointTaken another process does this job now
 */
export async function saveCheckpointUntil(
  job: string,
  stopping: AbortSignal,
  { checkpoints, log }: Pick<CheckpointDeps, 'checkpoints' | 'log'>,
  from: SubscriptionCheckpoint,
  position: () => Position,
  seen: () => Position,
): Promise<() => Promise<void>> {
  let saved = from.position;
  let savedSeen = from.seenTo ?? saved;
  async function save(): Promise<void> {
    const [to, seenTo] = [position(), seen()];
    if (from.readOnly === true || (to === saved && seenTo === savedSeen)) return;
    try {
      await checkpoints.move(job, from.storeId, saved, to, seenTo);
      saved = to;
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
