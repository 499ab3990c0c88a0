/**
 * Makes the files that people asked for, one at a time, and takes them away when their time is over (domain.md,
 * 'Exports'). What is owed is in the events: whoever holds the lease after a crash begins the file anew.
 */
import type { RecordExport } from '../../commands/exports/record-export.ts';
import { exportKey, type ExportWish } from '../../domain/exports/export.ts';
import {
  type Clock,
  type EventStore,
  type Files,
  FileTooLarge,
  type JobCheckpoints,
  type Leases,
  type Logger,
  StoreUnavailable,
} from '../../ports.ts';
import type { ProjectionStatus } from '../../engine/projections/projection-status.ts';
import { projectionsCaughtUp } from '../../engine/jobs/wait-for-projections.ts';
import { loadCheckpoint, saveCheckpointUntil } from '../../engine/jobs/subscription-checkpoint.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import { decodeOrSkip } from '../../engine/jobs/decode-or-skip.ts';
import type { BuildExport } from './build-export.ts';
import { createPendingExports, type PendingExports } from './pending-exports.ts';
import { createProgressRecord } from './progress.ts';

export interface ExportsJobDeps {
  readonly store: Pick<EventStore, 'subscribe' | 'storeId' | 'head'>;
  readonly projectionStatus: Pick<ProjectionStatus, 'waitFor' | 'status'>;
  readonly record: RecordExport;
  readonly make: BuildExport;
  readonly files: Pick<Files, 'write' | 'remove' | 'sweep'>;
  readonly checkpoints: JobCheckpoints;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Logger;
  /** Largest file, in bytes. */
  readonly maxBytes: number;
  /** How often to look for files whose time is over, in milliseconds. */
  readonly lookMs?: number;
  /** Between two attempts at the same file, in milliseconds. */
  readonly retryMs?: number;
  /** Longest wait for read tables that are behind, in milliseconds. */
  readonly patienceMs?: number;
}

/** The views that a file is made of. */
const LOOKED_AT = ['analytics', 'blasts', 'inbox', 'crm', 'users'];

/** One that ended its process so often would end it again. */
const MOST_ATTEMPTS = 5;
const LOOK_MS = 5_000;
const RETRY_MS = 3_000;
const PATIENCE_MS = 15_000;
/** Longer than any link lives: such a file no event tells of (a store that was restored from a backup). */
const FORGOTTEN_MS = 8 * 24 * 3_600_000;

export const createExportsJob = (deps: ExportsJobDeps) => ({
  /** Works while this process holds the lease `exports`. Resolves after `signal`. */
  run: (signal: AbortSignal): Promise<void> =>
    deps.leases.hold('exports', signal, (lease) => term(deps, lease.signal)),
});

async function term(deps: ExportsJobDeps, lost: AbortSignal): Promise<void> {
  const { store, files, clock } = deps;
  const from = await loadCheckpoint('exports', deps);
  const ended = new AbortController();
  const stopping = AbortSignal.any([lost, ended.signal]);
  const owed = createPendingExports(from.position);
  let wake = new AbortController();
  // Nobody else writes here while this lease is held: what is half-written is of a process that is gone.
  await files.sweep('exports', {
    before: new Date(clock.now().getTime() - FORGOTTEN_MS),
    unfinished: true,
  });
  const saving = saveCheckpointUntil('exports', stopping, deps, from, () => owed.checkpoint()).catch(
    (error: unknown) => {
      ended.abort();
      throw error;
    },
  );
  saving.catch(() => undefined); // awaited below, after the work
  let working: Promise<unknown> | undefined;
  try {
    const filter = { streamPrefixes: ['export-'] };
    for await (const batch of store.subscribe({ after: from.position, filter, signal: stopping })) {
      for (const stored of batch.events) {
        const event = decodeOrSkip(stored);
        if (event) owed.see(event);
      }
      owed.seenTo(batch.checkpoint);
      if (batch.caughtUp)
        working ??= Promise.all([
          making(deps, owed, stopping, () => (wake = new AbortController()).signal),
          tidying(deps, owed, stopping),
        ]);
      wake.abort();
    }
  } finally {
    ended.abort();
    await working;
  }
  await (
    await saving
  )();
}

/** One after the other: the memory of a process is that of one export. */
async function making(
  deps: ExportsJobDeps,
  owed: PendingExports,
  stopping: AbortSignal,
  woken: () => AbortSignal,
): Promise<void> {
  /** Tried in vain: not again before the others had their turn. */
  const later = new Set<string>();
  while (!stopping.aborted) {
    const called = woken();
    const wish = owed.next(later);
    if (!wish) {
      // What was tried in vain waits, whatever comes: its own attempt is an event too.
      if (later.size > 0) await sleep(deps.retryMs ?? RETRY_MS, stopping);
      else await sleep(30_000, AbortSignal.any([stopping, called]));
      later.clear();
      continue;
    }
    try {
      if (!(await serve(deps, owed, wish, stopping))) later.add(wish.exportId);
    } catch (err) {
      later.add(wish.exportId);
      deps.log.warn({ err, exportId: wish.exportId, job: 'exports' }, 'an export is tried again');
    }
  }
}

/**
 * What somebody changed before they asked for a file stands in it. Views that stay behind hold nobody up for ever: the
 * file then says so.
 */
async function areBehind(deps: ExportsJobDeps, stopping: AbortSignal): Promise<boolean> {
  const { patienceMs = PATIENCE_MS } = deps;
  const over = new AbortController();
  try {
    const enough = sleep(patienceMs + 1_000, AbortSignal.any([stopping, over.signal])).then(() => false);
    return !(await Promise.race([projectionsCaughtUp(deps, LOOKED_AT, patienceMs), enough]));
  } finally {
    over.abort();
  }
}

/** @returns false: it has to be tried again. @throws StoreUnavailable */
async function serve(
  deps: ExportsJobDeps,
  owed: PendingExports,
  wish: ExportWish,
  stopping: AbortSignal,
): Promise<boolean> {
  const { record, make, files, log, maxBytes, clock } = deps;
  const { exportId } = wish;
  if (Date.parse(wish.expiresAt) <= clock.now().getTime()) return false; // the other loop sees to it
  const begun = await record.start(exportId);
  if (begun.status !== 'running') {
    // Decided otherwise meanwhile; what was made stays until its time is over.
    if (begun.status === 'ready') owed.made(exportId);
    else owed.settle(exportId);
    return true;
  }
  const fail = async (reason: 'too_large' | 'not_possible' | 'store_unavailable'): Promise<true> => {
    await record.fail(exportId, reason);
    owed.settle(exportId);
    return true;
  };
  if (begun.attempts > MOST_ATTEMPTS) return fail('not_possible');
  const progress = createProgressRecord((pct) => record.progress(exportId, pct), log);
  try {
    const behind = await areBehind(deps, stopping);
    if (stopping.aborted) return false;
    if (behind) log.warn({ exportId, job: 'exports' }, 'an export is made while the read tables are behind');
    const file = await make(wish, {
      progress: progress.tell,
      behind,
      signal: stopping,
      keep: (bytes) => files.write(exportKey(exportId), bytes, maxBytes),
    });
    await progress.settled();
    const now = await record.complete(exportId, file);
    if (now.status === 'ready') owed.made(exportId);
    else {
      // Its time was over, or a customer was erased, while it was made.
      await files.remove(exportKey(exportId));
      owed.settle(exportId);
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

async function tidying(
  { record, files, clock, log, lookMs = LOOK_MS }: ExportsJobDeps,
  owed: PendingExports,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    for (const exportId of owed.over(clock.now())) {
      try {
        // First the file: while the event is not there, this is done again.
        await files.remove(exportKey(exportId));
        await record.expire(exportId, 'time');
        // One that was finished in between.
        await files.remove(exportKey(exportId));
        owed.settle(exportId);
      } catch (err) {
        log.warn({ err, exportId, job: 'exports' }, 'an expired export could not be removed, trying again');
      }
    }
    await sleep(lookMs, stopping);
  }
}
