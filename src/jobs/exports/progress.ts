/** How far a file is, put on record now and then: for a person who waits, not for every page that was read. */
import type { Logger } from '../../ports.ts';

const STEP_PCT = 10;
const STEP_MS = 500;

export function createProgressRecord(
  record: (pct: number) => Promise<unknown>,
  log: Logger,
): {
  tell(pct: number): void;
  /** Nothing is under way any more. */
  settled(): Promise<void>;
} {
  let told = 0;
  let at = performance.now();
  let writing: Promise<void> | undefined;
  return {
    tell(pct) {
      const now = performance.now();
      const whole = Math.min(99, Math.floor(pct));
      if (writing || whole < told + STEP_PCT || now - at < STEP_MS) return;
      told = whole;
      at = now;
      writing = record(whole).then(
        () => undefined,
        (err: unknown) => {
          // The file matters, not the word about it.
          log.debug({ err, job: 'exports' }, 'progress of an export could not be recorded');
        },
      );
      void writing.then(() => (writing = undefined));
    },
    settled: async () => writing,
  };
}
