/** Chance that repeats itself: the same seed, the same story. */

/** mulberry32: the same seed tells the same story. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a story is made with, by chance. */
export function chancesOf(seed: number) {
  const random = randomOf(seed);
  /** From 0, below `n`. */
  const upTo = (n: number): number => Math.floor(random() * n);
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  return {
    upTo,
    pick: <T>(items: readonly T[]): T => items[upTo(items.length)]!,
    chance: (share: number): boolean => random() < share,
    times: <T>(n: number, make: (n: number) => T): T[] => Array.from({ length: n }, (_, at) => make(at)),
    shuffled,
    /** Stories told side by side, each in its order. */
    merged: <T>(stories: readonly (readonly T[])[]): T[] => {
      const order = shuffled(stories.flatMap((story, at) => story.map(() => at)));
      const next = stories.map(() => 0);
      return order.map((at) => stories[at]![next[at]!++]!);
    },
  };
}
