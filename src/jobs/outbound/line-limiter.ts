/** One number, page or bot of ours: so many requests at once, and none while it is held. */
import pLimit from 'p-limit';
import { sleep } from '../../engine/jobs/sleep.ts';

export interface LineLimiter {
  /** Runs `work` when the line is not held; one at a time after a failure, until a message gets through. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | 'aborted'>;
  /** All messages of this line wait for so long. */
  hold(milliseconds: number): void;
  /** A message got through. */
  recovered(): void;
  /** Failures in a row that were not about one message. */
  readonly failures: number;
}

/** @param atOnce most requests under way */
export function createLineLimiter(atOnce: number): LineLimiter {
  const limit = pLimit(atOnce);
  const probe = pLimit(1);
  let heldUntil = 0;
  let failures = 0;

  async function untilFree(signal: AbortSignal): Promise<boolean> {
    for (;;) {
      if (signal.aborted) return false;
      const wait = heldUntil - performance.now();
      if (wait <= 0) return true;
      await sleep(wait, signal);
    }
  }

  async function inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | 'aborted' | 'again'> {
    if (signal.aborted) return 'aborted';
    // The hold came while this one waited for its turn.
    if (heldUntil > performance.now()) return 'again';
    return work();
  }

  return {
    run: async (work, signal) => {
      for (;;) {
        if (!(await untilFree(signal))) return 'aborted';
        const result = await (failures > 0 ? probe : limit)(() => inTurn(work, signal));
        if (result !== 'again') return result;
      }
    },
    hold: (milliseconds) => {
      failures += 1;
      heldUntil = Math.max(heldUntil, performance.now() + milliseconds);
    },
    recovered: () => {
      failures = 0;
    },
    get failures() {
      return failures;
    },
  };
}
