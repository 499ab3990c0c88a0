type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Leaves out what was not given: for the queries an absent filter and `undefined` are two things. */
export function omitUndefined<T extends object>(input: T): Given<T> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Given<T>;
}
