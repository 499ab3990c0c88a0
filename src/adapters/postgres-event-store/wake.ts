/** Wakes sleeping subscriptions when there may be something to read. */
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
    sleep: (ticket, milliseconds, signal) =>
      new Promise((resolve) => {
        if (rings !== ticket || signal.aborted) {
          resolve();
          return;
        }
        const wakeUp = (): void => {
          clearTimeout(timer);
          sleepers.delete(wakeUp);
          signal.removeEventListener('abort', wakeUp);
          resolve();
        };
        const timer = setTimeout(wakeUp, milliseconds);
        sleepers.add(wakeUp);
        signal.addEventListener('abort', wakeUp);
      }),
  };
}
