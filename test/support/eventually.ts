import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again until `check` gives something other than undefined, null or false.
 * @param what the state that is awaited, for the error
 * @throws Error after `milliseconds`, with `what`
 */
export async function eventually<T>(
  what: string,
  check: () => T | Promise<T>,
  milliseconds = 30_000,
): Promise<NonNullable<T>> {
  const began = performance.now();
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== null && value !== false) return value;
    const waited = performance.now() - began;
    if (waited > milliseconds) throw new Error(`not within ${String(milliseconds)} ms: ${what}`);
    // Asking costs what the awaited work needs too: the longer it takes, the less often we ask.
    await delay(Math.min(Math.max(10, waited / 10), 100));
  }
}
