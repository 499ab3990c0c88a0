/** Deletes what has expired: sessions, stored answers of requests. Nothing reads it any more; it only grows. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../ports.ts';
import type { Job } from './run-while-leader.ts';

interface Purgeable {
  /** @returns how many rows it deleted */
  purge(): Promise<number>;
}

const EVERY_MS = 3_600_000;

/** Needs no lease: two processes at once delete the same rows once. What one purge could not delete, the next one does. */
export function createPurge(deps: {
  readonly what: Readonly<Record<string, Purgeable>>;
  readonly log: Logger;
  readonly everyMs?: number;
}): Job {
  const { what, log, everyMs = EVERY_MS } = deps;
  return {
    async run(signal) {
      while (!signal.aborted) {
        for (const [job, purgeable] of Object.entries(what)) {
          try {
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
