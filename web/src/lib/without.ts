/** The same, but for these members. */
export function without<T extends object, K extends keyof T>(of: T, ...names: readonly K[]): Omit<T, K> {
  const rest = { ...of };
  for (const name of names) Reflect.deleteProperty(rest, name);
  return rest;
}
