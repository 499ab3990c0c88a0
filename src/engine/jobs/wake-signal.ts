/** Wakes one waiting loop. A ring while nobody waits is not lost: the next wait ends at once. */
export interface WakeSignal {
  ring(): void;
  /** @returns true when it rang, false after `milliseconds` */
  wait(milliseconds: number): Promise<boolean>;
}

export function createWakeSignal(): WakeSignal {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    wait: (milliseconds) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          wake = undefined;
          resolve(rung);
          rung = false;
        };
        const timer = setTimeout(end, milliseconds);
        wake = end;
        // Not now but in the next turn: what rings together is answered together.
        if (rung) setImmediate(() => wake?.());
      }),
  };
}
