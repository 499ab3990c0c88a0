/** The same, but for these members. */
export function without<T extends object, K extends keyof T>(of: T, ...names: readonly K[]): Omit<T, K> {
  const rest = { ...of };
  for (const name of names) Reflect.deleteProperty(rest, name);
  return rest;
}

/** How many there are of each kind, in the order in which the kinds were met. */
export function countBy<T, K>(all: readonly T[], kindOf: (one: T) => K): ReadonlyMap<K, number> {
  const counts = new Map<K, number>();
  for (const one of all) counts.set(kindOf(one), (counts.get(kindOf(one)) ?? 0) + 1);
  return counts;
}
