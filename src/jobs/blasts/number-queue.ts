/**
 * The blasts' side of one number: one message at a time, so many milliseconds apart, whichever blasts they are of.
 * The agents' replies on the same number go through the sender and never wait here.
 */
import { sleep } from '../../engine/jobs/sleep.ts';

/** Somebody a blast still has to reach on this number. */
export interface QueuedRecipient {
  readonly key: string;
  /** Milliseconds since the epoch; 0: at once. */
  notBefore: number;
  /** @returns whether a request went out; `again`: whether its turn comes again, at `notBefore` */
  take(): Promise<{ readonly requested: boolean; readonly again: boolean }>;
}

export interface NumberQueue {
  add(turn: QueuedRecipient): void;
  has(key: string): boolean;
  /** Nobody is tried for so long. */
  hold(milliseconds: number): void;
  idle(): Promise<void>;
}

/** How long to look away when every turn is later: others may be added meanwhile. */
const LOOK_MS = 100;

/** @param apart milliseconds between the end of one request and the next; read anew each time */
export function createNumberQueue(apart: () => number, stopping: AbortSignal): NumberQueue {
  const turns = new Map<string, QueuedRecipient>();
  // Who sent last before this program started, and when, nobody knows.
  let free = performance.now() + apart();
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (turns.size > 0 && !stopping.aborted) {
      const now = Date.now();
      const next = [...turns.values()].find(({ notBefore }) => notBefore <= now);
      const wait = next ? free - performance.now() : LOOK_MS;
      if (!next || wait > 0) {
        await sleep(Math.max(wait, 1), stopping);
        continue;
      }
      const { requested, again } = await next.take();
      if (requested) free = Math.max(free, performance.now() + apart());
      if (!again) turns.delete(next.key);
    }
  }

  return {
    add(turn) {
      turns.set(turn.key, turn);
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    has: (key) => turns.has(key),
    hold(milliseconds) {
      free = Math.max(free, performance.now() + milliseconds);
    },
    idle: async () => {
      await working;
    },
  };
}
