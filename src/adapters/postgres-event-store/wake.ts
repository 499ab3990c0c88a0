import { setTimeout as sleep } from 'node:timers/promises';

/** Tells sleeping subscriptions that there may be something to read. */
export interface Wake {
  ring(): void;
  /** Take it before looking for work: a ring after that makes `sleep` return at once. */
  ticket(): number;
  /** Until a ring after `ticket`, or `milliseconds`, or abort. Never rejects. */
  sleep(ticket: number, milliseconds: number, signal: AbortSignal): Promise<void>;
}

export function createWake(): Wake {
  let rings = 0;
  const sleepers = new Set<() => void>();

  return {
    ring: () => {
      rings += 1;
      for (const wakeUp of sleepers) wakeUp();
    },
    ticket: () => rings,
    sleep: async (ticket, milliseconds, signal) => {
      if (rings !== ticket || signal.aborted) return;
      const awake = new AbortController();
      const wakeUp = (): void => {
        awake.abort();
      };
      sleepers.add(wakeUp);
      try {
        await sleep(milliseconds, undefined, { signal: AbortSignal.any([signal, awake.signal]) });
      } catch (error) {
        if (!awake.signal.aborted && !signal.aborted) throw error;
      } finally {
        sleepers.delete(wakeUp);
      }
    },
  };
}
