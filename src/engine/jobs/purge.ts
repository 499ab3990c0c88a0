/** Sweeps out what ran out: sessions, first answers of repeated requests. Nothing reads it any more; it only grows. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../ports.ts';

interface Purgeable {
  /** @returns how many rows went */
  purge(): Promise<number>;
}

const EVERY_MS = 3_600_000;

/** Needs no lease: two processes at once delete the same rows once. A sweep that fails is made up by the next. */
export function createPurge(deps: {
  readonly what: Readonly<Record<string, Purgeable>>;
  readonly log: Logger;
  readonly everyMs?: number;
}): { run(signal: AbortSignal): Promise<void> } {
  const { what, log, everyMs = EVERY_MS } = deps;
  return {
    async run(signal) {
      while (!signal.aborted) {
        for (const [job, one] of Object.entries(what)) {
          try {
            log.debug({ job, count: await one.purge() }, 'purged');
          } catch (err) {
            log.warn({ job, err }, 'could not purge');
          }
        }
        // Aborting ends the wait; there is nothing else it could reject with.
        await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      }
    },
  };
}
