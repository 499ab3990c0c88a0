/** What looks like chance in the demo and is the same for the same seed. */

export interface Chance {
  /** 0 to 1, without 1. */
  next(): number;
  /** A whole number, both ends included. */
  whole(least: number, most: number): number;
  happens(share: number): boolean;
  /** @throws TypeError of nothing */
  pick<T>(of: readonly T[]): T;
  /** One of these, each as often as its weight says. */
  weighted<T>(of: readonly (readonly [T, number])[]): T;
  /** Around `median`, mostly within half and double of it, now and then far above: how long people take. */
  around(median: number): number;
}

const nothing = () => new TypeError('nothing to choose from');

/** Small and quick; good enough to look like life. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    happens: (share) => next() < share,
    pick: (of) => {
      if (of.length === 0) throw nothing();
      return of[Math.floor(next() * of.length)] as (typeof of)[number];
    },
    weighted: (of) => {
      let left = next() * of.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [one, weight] of of) {
        left -= weight;
        if (left < 0) return one;
      }
      const last = of.at(-1);
      if (!last) throw nothing();
      return last[0];
    },
    around: (median) => median * Math.exp((next() + next() + next() - 1.5) * 1.1),
  };
}
