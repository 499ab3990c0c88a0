/**
 * Builds the files that people asked for, one at a time, and removes them when their time is over
 * (docs/design/business-rules.md#exports). What is to do is in the events: after a crash the next holder of the lease
 * builds the file again.
 */
import {
  createReactor,
  type Reaction,
  type ReactorDeps,
  type ReactorRun,
} from '../../engine/jobs/reactor.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { Files, JobCheckpoints } from '../../ports.ts';
import { buildPending, type BuildPendingDeps } from './build-pending.ts';
import { createPendingExports } from './pending-exports.ts';
import { removeExpired, type RemoveExpiredDeps } from './remove.ts';

export interface ExportsJobDeps
  extends ReactorDeps, Omit<BuildPendingDeps, 'skip'>, Omit<RemoveExpiredDeps, 'skip'> {
  readonly store: ReactorDeps['store'];
  readonly files: Pick<Files, 'write' | 'remove' | 'sweep'>;
  readonly checkpoints: JobCheckpoints;
}

/** Longer than any link lives: no event knows of such a file (a store that was restored from a backup). */
const FORGOTTEN_MS = 8 * 24 * 3_600_000;

/** Holds the lease `exports`. */
export const createExportsJob = (deps: ExportsJobDeps): Job =>
  createReactor(deps, {
    name: 'exports',
    streamPrefixes: ['export-'],
    position: { checkpoints: deps.checkpoints, firstRun: 'first event', wrongStore: 'stay off' },
    start: async (run) => {
      if ((await deps.clockProblem()) !== null) return exporting(deps, run); // the next start of the job sweeps
      // Nobody else writes here while this lease is held: what is half-written is of a process that is gone.
      await deps.files.sweep('exports', {
        before: new Date(deps.clock.now().getTime() - FORGOTTEN_MS),
        unfinished: true,
      });
      return exporting(deps, run);
    },
  });

function exporting(deps: ExportsJobDeps, { signal, skip }: ReactorRun): Reaction {
  const pending = createPendingExports();
  let arrival = new AbortController();
  let working: Promise<unknown> | undefined;
  return {
    handle: (event, { before }) => {
      pending.see(event, before);
      arrival.abort();
    },
    // Only at the end of what is on record is it known which exports are open.
    caughtUp: () => {
      working ??= Promise.all([
        buildPending({ ...deps, skip }, pending, signal, () => (arrival = new AbortController()).signal),
        removeExpired({ ...deps, skip }, pending, signal),
      ]);
    },
    unsettledFrom: pending.oldest,
    drain: async () => {
      await working;
    },
  };
}
