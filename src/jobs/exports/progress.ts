/** How far a file is, put on record now and then: often enough for a person who waits, not for every page. */
import type { Logger } from '../../ports.ts';

const STEP_PCT = 10;
const STEP_MS = 500;

export function createProgressRecord(
  record: (pct: number) => Promise<unknown>,
  log: Logger,
): {
  report(pct: number): void;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
} {
  let recorded = 0;
  let at = performance.now();
  let writing: Promise<void> | undefined;
  return {
    report(pct) {
      const now = performance.now();
      const whole = Math.min(99, Math.floor(pct));
      if (writing || whole < recorded + STEP_PCT || now - at < STEP_MS) return;
      recorded = whole;
      at = now;
      writing = record(whole).then(
        () => undefined,
        (err: unknown) => {
          // The file is what matters; a missing percentage harms nobody.
          log.debug({ err, job: 'exports' }, 'progress of an export could not be recorded');
        },
      );
      void writing.then(() => (writing = undefined));
    },
    settled: async () => writing,
  };
}
