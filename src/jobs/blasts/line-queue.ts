/**
 * The recipients of one line, over all blasts: one message at a time, so many milliseconds apart. The agents' replies
 * on the same line go through the sender and never wait here.
 */
import { sleep } from '../../engine/jobs/sleep.ts';

/** A recipient of a blast that is sent on this line. */
export interface QueuedRecipient {
  readonly key: string;
  /** Milliseconds since the epoch; 0: at once. */
  notBefore: number;
  /** @returns whether a request went out; `again`: whether it is sent again, at `notBefore` */
  send(): Promise<{ readonly requested: boolean; readonly again: boolean }>;
}

export interface LineQueue {
  add(recipient: QueuedRecipient): void;
  has(key: string): boolean;
  /** Nothing is sent for so long. */
  hold(milliseconds: number): void;
  /** Resolves when no request is under way. */
  idle(): Promise<void>;
}

/** How long to wait when every recipient's time is later: others may be added meanwhile. */
const LOOK_MS = 100;

/** @param apart milliseconds between the end of one request and the next; read each time */
export function createLineQueue(apart: () => number, stopping: AbortSignal): LineQueue {
  const recipients = new Map<string, QueuedRecipient>();
  // The last request may have been right before this program started.
  let free = performance.now() + apart();
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (recipients.size > 0 && !stopping.aborted) {
      const now = Date.now();
      const next = [...recipients.values()].find(({ notBefore }) => notBefore <= now);
      const wait = next ? free - performance.now() : LOOK_MS;
      if (!next || wait > 0) {
        await sleep(Math.max(wait, 1), stopping);
        continue;
      }
      const { requested, again } = await next.send();
      if (requested) free = Math.max(free, performance.now() + apart());
      if (!again) recipients.delete(next.key);
    }
  }

  return {
    add(recipient) {
      recipients.set(recipient.key, recipient);
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    has: (key) => recipients.has(key),
    hold(milliseconds) {
      free = Math.max(free, performance.now() + milliseconds);
    },
    idle: async () => {
      await working;
    },
  };
}
