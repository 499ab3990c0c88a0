/** Background work in a process that also answers people: it uses the time that is left, and always some. */
import { performance } from 'node:perf_hooks';

const LOOK_EVERY_MS = 25;
/** Share of its time that the event loop works: over it, requests have to wait. */
const BUSY = 0.85;

/**
 * Calls `allow` with how many things may be done at once: half as many each time that others wait and the process is busy,
 * down to one, and more again when not, up to `most`. What is under way is not interrupted. @returns a function that ends it
 */
export function adaptConcurrency({
  most,
  othersCame,
  allow,
}: {
  readonly most: number;
  /** Asked regularly: since the last time? */
  readonly othersCame: () => boolean;
  readonly allow: (atOnce: number) => void;
}): () => void {
  let atOnce = most;
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    const pressed = othersCame() && utilization > BUSY;
    const next = pressed ? Math.max(1, atOnce >> 1) : Math.min(most, atOnce + 4);
    if (next === atOnce) return;
    atOnce = next;
    allow(atOnce);
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}
