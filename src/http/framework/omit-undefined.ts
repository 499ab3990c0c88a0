type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/**
 * Leaves out undefined members: to the queries an absent filter and `undefined` are two things.
 * @returns a copy without them
 */
export function omitUndefined<T extends object>(input: T): Defined<T> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Defined<T>;
}
