/**
 * State that every copy of a module shares. tsx loads test files as CommonJS for mocha, and as ES modules where one of
 * them awaits at its top level or is imported by the runner: then a module exists twice, each with its own variables.
 * @param name unique among all callers
 */
export function processState<T extends object>(name: string, initial: T): T {
  const states = globalThis as unknown as Record<symbol, T | undefined>; // symbols of ours, declared nowhere
  return (states[Symbol.for(`saga-backend test ${name}`)] ??= initial);
}
