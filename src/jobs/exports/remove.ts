/** Removes exports: those whose time is over, and all of them for an erasure. */
import type { RecordExport } from '../../commands/exports/record-export.ts';
import { UndecodableEvent } from '../../domain/codec.ts';
import { exportKey } from '../../domain/exports/export.ts';
import type { ReactorRun } from '../../engine/jobs/reactor.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import type { Clock, ClockCheck, Files, Logger, ReadStore } from '../../ports.ts';
import { exportsWithFile } from '../../projections/exports/exports-view.ts';
import type { PendingExports } from './pending-exports.ts';

export interface RemoveExpiredDeps {
  readonly record: RecordExport;
  readonly files: Pick<Files, 'remove'>;
  readonly clock: Clock;
  /** A clock that is ahead would have ended links that people still wait for. */
  readonly clockProblem: ClockCheck;
  readonly log: Logger;
  readonly skip: ReactorRun['skip'];
  /** How often to look for files whose time is over, in milliseconds. Default 5 s. */
  readonly lookMs?: number;
}

const LOOK_MS = 5_000;

/** Ends each export whose time is over, and deletes its file. Resolves after `stopping`. */
export async function removeExpired(
  { record, files, clock, clockProblem, log, skip, lookMs = LOOK_MS }: RemoveExpiredDeps,
  pending: PendingExports,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    for (const exportId of pending.expired(clock.now())) {
      try {
        const problem = await clockProblem();
        if (problem !== null) {
          log.error({ job: 'exports', problem }, 'not removed: the clock is wrong');
          break;
        }
        // First the file: while the event is not there, this is done again.
        await files.remove(exportKey(exportId));
        await record.expire(exportId, 'time');
        // One that was finished in between.
        await files.remove(exportKey(exportId));
        pending.settle(exportId);
      } catch (err) {
        if (err instanceof UndecodableEvent) {
          // Its file is gone; that cannot be recorded.
          skip(err);
          pending.settle(exportId);
          continue;
        }
        log.warn({ err, exportId, job: 'exports' }, 'an expired export could not be removed, trying again');
      }
    }
    await sleep(lookMs, stopping);
  }
}

/**
 * For an erasure: what a file holds of one customer cannot be taken out of it, so every file goes. Ends every export that
 * was asked for before `moment`, also one that is being built, and deletes its file; its link answers 410. Call it when
 * the read tables no longer show the customer: a later export then holds nothing of them.
 * @returns how many there were. @throws StoreUnavailable; calling it again goes on
 */
export async function removeExportsBefore(
  {
    read,
    files,
    record,
  }: {
    readonly read: ReadStore;
    readonly files: Pick<Files, 'remove' | 'sweep'>;
    readonly record: RecordExport;
  },
  moment: Date,
): Promise<number> {
  const ids = await exportsWithFile(read, moment);
  for (const id of ids) {
    // First the event: the job that builds such an export then throws it away.
    await record.expire(id, 'erasure');
    await files.remove(exportKey(id));
  }
  // Also files that no row knows of.
  await files.sweep('exports', { before: moment, unfinished: false });
  return ids.length;
}
