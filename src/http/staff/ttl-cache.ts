import { boundedCache } from '../../engine/bounded-cache.ts';

export interface TtlCache<V> {
  get(key: string): Promise<V>;
  forget(key: string): void;
  forgetAll(): void;
}

const KEPT = 50_000;

/**
 * Remembers what `load` answered for at most `maxAgeMs`. Requests for the same key share one load. A load that
 * began before `forget` answers only those who already waited for it.
 * @param asked told at each look-up whether it knew
 */
export function createTtlCache<V>(
  load: (key: string) => Promise<V>,
  maxAgeMs: number,
  asked?: (hit: boolean) => void,
): TtlCache<V> {
  const kept = boundedCache<string, { readonly value: Promise<V>; readonly since: number }>(KEPT);
  return {
    get(key) {
      const known = kept.get(key);
      const knows = known !== undefined && performance.now() - known.since < maxAgeMs;
      asked?.(knows);
      if (knows) return known.value;
      const fresh = { value: load(key), since: performance.now() };
      kept.set(key, fresh);
      fresh.value.catch(() => {
        // A failure is told to those who waited, and not kept.
        if (kept.peek(key) === fresh) kept.delete(key);
      });
      return fresh.value;
    },
    forget(key) {
      kept.delete(key);
    },
    forgetAll() {
      kept.clear();
    },
  };
}
