import { setTimeout as delay } from 'node:timers/promises';

/** Asks again until `check` gives something other than undefined or false. @throws after `milliseconds`, with `what` */
export async function eventually<T>(
  what: string,
  check: () => T | Promise<T>,
  milliseconds = 10_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== null && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`not within ${String(milliseconds)} ms: ${what}`);
    await delay(10);
  }
}
