/** Which test files run apart from the others, and which start first. */

/**
 * These need the machine for themselves: they run one by one, after all others. A file is on this list only with
 * a reason. Keep it short: every minute here is a minute on one core.
 */
export const ALONE: Readonly<Record<string, string>> = {
  'test/e2e/kill.test.ts': 'kill -9 under load, with a bar for the slowest request',
};

/** Started first, the longest at the top, so that no long file is left over when the others are done. */
export const LONGEST_FIRST: readonly string[] = [];

export interface Plan {
  readonly together: readonly string[];
  readonly alone: readonly string[];
}

const isUnder = (file: string, place: string): boolean => file === place || file.startsWith(`${place}/`);

/** @param files as `test/http/staff/auth.test.ts` */
export function planOf(files: readonly string[]): Plan {
  const isAlone = (file: string): boolean => Object.keys(ALONE).some((place) => isUnder(file, place));
  const rank = (file: string): number => {
    const at = LONGEST_FIRST.indexOf(file);
    return at === -1 ? LONGEST_FIRST.length : at;
  };
  return {
    together: files.filter((file) => !isAlone(file)).toSorted((a, b) => rank(a) - rank(b)),
    alone: files.filter(isAlone),
  };
}
