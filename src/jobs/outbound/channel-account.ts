/** Our side of the talks: each number, page or bot sends so many at once, and can be told to wait. */
import pLimit from 'p-limit';
import { sleep } from '../../engine/jobs/sleep.ts';

export interface ChannelAccount {
  /** Runs `work` when the line is free: not held, and one at a time while it has yet to prove that it works again. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | 'aborted'>;
  /** Everybody waits for so long. */
  hold(milliseconds: number): void;
  /** Something got through. */
  works(): void;
  /** Failures in a row that were the line's own. */
  readonly failures: number;
}

/** @param atOnce requests under way on the line */
export function createChannelAccount(atOnce: number): ChannelAccount {
  const limit = pLimit(atOnce);
  const probe = pLimit(1);
  let heldUntil = 0;
  let failures = 0;

  async function free(signal: AbortSignal): Promise<boolean> {
    for (;;) {
      if (signal.aborted) return false;
      const wait = heldUntil - performance.now();
      if (wait <= 0) return true;
      await sleep(wait, signal);
    }
  }

  async function inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | 'aborted' | 'again'> {
    if (signal.aborted) return 'aborted';
    // Held while this one waited for its turn.
    if (heldUntil > performance.now()) return 'again';
    return work();
  }

  return {
    run: async (work, signal) => {
      for (;;) {
        if (!(await free(signal))) return 'aborted';
        const result = await (failures > 0 ? probe : limit)(() => inTurn(work, signal));
        if (result !== 'again') return result;
      }
    },
    hold: (milliseconds) => {
      failures += 1;
      heldUntil = Math.max(heldUntil, performance.now() + milliseconds);
    },
    works: () => {
      failures = 0;
    },
    get failures() {
      return failures;
    },
  };
}
