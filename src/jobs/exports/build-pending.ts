/** Builds pending exports, one after the other: the memory of a process is that of one export. */
import type { RecordExport } from '../../commands/exports/record-export.ts';
import { UndecodableEvent } from '../../domain/codec.ts';
import { exportKey, type ExportWish } from '../../domain/exports/export.ts';
import { type Clock, type Files, FileTooLarge, type Logger, StoreUnavailable } from '../../ports.ts';
import { projectionsCaughtUp, type WaitForProjectionsDeps } from '../../engine/jobs/wait-for-projections.ts';
import type { ReactorRun } from '../../engine/jobs/reactor.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import type { BuildExport } from './build-export.ts';
import type { PendingExports } from './pending-exports.ts';
import { createProgressRecord } from './progress.ts';

export interface BuildPendingDeps extends WaitForProjectionsDeps {
  readonly record: RecordExport;
  readonly build: BuildExport;
  readonly files: Pick<Files, 'write' | 'remove'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly skip: ReactorRun['skip'];
  /** Largest file, in bytes. */
  readonly maxBytes: number;
  /** Between two attempts at the same file, in milliseconds. */
  readonly retryMs?: number;
  /** Longest wait for read tables that are behind, in milliseconds. */
  readonly patienceMs?: number;
}

/** The views that a file is built from. */
const READ_VIEWS = ['analytics', 'blasts', 'inbox', 'crm', 'users'];

/** An export that ended its process so often would end it again. */
const MOST_ATTEMPTS = 5;
const RETRY_MS = 3_000;
const PATIENCE_MS = 15_000;

/** @param nextArrival a signal that aborts when the next event about an export comes. Resolves after `stopping`. */
export async function buildPending(
  deps: BuildPendingDeps,
  pending: PendingExports,
  stopping: AbortSignal,
  nextArrival: () => AbortSignal,
): Promise<void> {
  /** Tried without success: not again before the others had their turn. */
  const later = new Set<string>();
  while (!stopping.aborted) {
    const arrival = nextArrival();
    const wish = pending.next(later);
    if (!wish) {
      // An export that failed waits its full time, whatever comes: its own attempt is an event too.
      if (later.size > 0) await sleep(deps.retryMs ?? RETRY_MS, stopping);
      else await sleep(30_000, AbortSignal.any([stopping, arrival]));
      later.clear();
      continue;
    }
    try {
      if (!(await buildOne(deps, pending, wish, stopping))) later.add(wish.exportId);
    } catch (err) {
      if (err instanceof UndecodableEvent) {
        // Nothing more can be recorded for it.
        deps.skip(err);
        pending.settle(wish.exportId);
        continue;
      }
      later.add(wish.exportId);
      deps.log.warn({ err, exportId: wish.exportId, job: 'exports' }, 'an export is tried again');
    }
  }
}

/**
 * A file shows what its requester changed before they asked for it, so the views get time to catch up. Views that stay
 * behind do not block it for ever: the file then says so.
 */
async function areBehind(deps: BuildPendingDeps, stopping: AbortSignal): Promise<boolean> {
  const { patienceMs = PATIENCE_MS } = deps;
  const over = new AbortController();
  try {
    const timeOut = sleep(patienceMs + 1_000, AbortSignal.any([stopping, over.signal])).then(() => false);
    return !(await Promise.race([projectionsCaughtUp(deps, READ_VIEWS, patienceMs), timeOut]));
  } finally {
    over.abort();
  }
}

/** @returns false: it has to be tried again. @throws StoreUnavailable */
async function buildOne(
  deps: BuildPendingDeps,
  pending: PendingExports,
  wish: ExportWish,
  stopping: AbortSignal,
): Promise<boolean> {
  const { record, build, files, log, maxBytes, clock } = deps;
  const { exportId } = wish;
  if (Date.parse(wish.expiresAt) <= clock.now().getTime()) return false; // `removeExpired` sees to it
  const begun = await record.start(exportId);
  if (begun.status !== 'running') {
    // Something else was decided meanwhile; a finished file stays until its time is over.
    if (begun.status === 'ready') pending.built(exportId);
    else pending.settle(exportId);
    return true;
  }
  const fail = async (reason: 'too_large' | 'not_possible' | 'store_unavailable'): Promise<true> => {
    await record.fail(exportId, reason);
    pending.settle(exportId);
    return true;
  };
  if (begun.attempts > MOST_ATTEMPTS) return fail('not_possible');
  const progress = createProgressRecord((pct) => record.progress(exportId, pct), log);
  try {
    const behind = await areBehind(deps, stopping);
    if (stopping.aborted) return false;
    if (behind) log.warn({ exportId, job: 'exports' }, 'an export is made while the read tables are behind');
    const file = await build(wish, {
      progress: progress.report,
      behind,
      signal: stopping,
      keep: (bytes) => files.write(exportKey(exportId), bytes, maxBytes),
    });
    await progress.settled();
    const now = await record.complete(exportId, file);
    if (now.status === 'ready') pending.built(exportId);
    else {
      // While it was built its time ran out, or a customer was erased.
      await files.remove(exportKey(exportId));
      pending.settle(exportId);
    }
    return true;
  } catch (err) {
    await progress.settled();
    if (stopping.aborted) return false;
    if (err instanceof FileTooLarge) return fail('too_large');
    log.warn({ err, exportId, attempt: begun.attempts, job: 'exports' }, 'an export could not be made');
    if (begun.attempts < MOST_ATTEMPTS) return false;
    return fail(err instanceof StoreUnavailable ? 'store_unavailable' : 'not_possible');
  }
}
