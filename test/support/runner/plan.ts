/** Which test files run apart from the others, and which start first. */

/**
 * These need the machine for themselves: they run one by one, after all others. A file is on this list only with
 * a reason. Keep it short: every minute here is a minute on one core.
 */
export const ALONE: Readonly<Record<string, string>> = {
  'test/adapters/embedded-postgres': 'kills Postgres with -9 and takes the port that it had',
  'test/e2e/event-store-away.test.ts': 'bars for how fast a command is refused while the store is away',
  'test/e2e/kill.test.ts': 'kill -9 under load, with a bar for the slowest request',
  'test/e2e/rebuild-live.test.ts': 'compares the response times of people at work with and without a rebuild',
  'test/e2e/start-and-stop.test.ts': 'bars for how long a start and a stop under load take',
  'test/engine/cluster/process-membership.test.ts': 'bars of milliseconds for the answers of other processes',
  'test/engine/projections/rebuild/rebuild.test.ts':
    'a bar for how long a reader waits while tables are swapped',
  'test/http/audit/access-audit.test.ts': 'a bar of 200 ms for twenty reads',
  'test/http/staff/auth.test.ts': 'compares how long the check of a known and of an unknown account takes',
  'test/http/staff/permission-cache.test.ts': 'a bar for how fast another process learns of a change',
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
