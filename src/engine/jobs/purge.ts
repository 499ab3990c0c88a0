/** Deletes what has expired: sessions, stored answers of requests. Nothing reads it any more; it only grows. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ClockCheck, Logger } from '../../ports.ts';
import type { Job } from './run-while-leader.ts';

interface Purgeable {
  /** @returns how many rows it deleted */
  purge(): Promise<number>;
}

const EVERY_MS = 3_600_000;

/** Needs no lease: two processes at once delete the same rows once. What one purge could not delete, the next one does. */
export function createPurge(deps: {
  readonly what: Readonly<Record<string, Purgeable>>;
  /** A clock that is ahead would have deleted what has not expired: nothing is purged then. */
  readonly clockProblem: ClockCheck;
  readonly log: Logger;
  readonly everyMs?: number;
}): Job {
  const { what, clockProblem, log, everyMs = EVERY_MS } = deps;
  return {
    async run(signal) {
      while (!signal.aborted) {
        for (const [job, purgeable] of Object.entries(what)) {
          try {
            // Before each: the clock may be set while another one purges.
            const problem = await clockProblem();
            if (problem !== null) {
              log.error({ job, problem }, 'not purged: the clock is wrong');
              continue;
            }
            log.debug({ job, count: await purgeable.purge() }, 'purged');
          } catch (err) {
            log.warn({ job, err }, 'could not purge');
          }
        }
        // The process may end without waiting for the next purge. Aborting ends the wait; nothing else can reject.
        await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      }
    },
  };
}
