/** Which test files run apart from the others, and which start first. */

/**
 * These have bars of seconds, which two at a time meet and a busy machine does not: they run after all others, two
 * by two. A file is on this list only with a reason.
 */
export const IN_PAIRS: Readonly<Record<string, string>> = {
  'test/adapters/embedded-postgres/embedded-postgres.test.ts':
    'kills Postgres with -9 and takes the port that it had',
  'test/adapters/eventstoredb/refused-program.test.ts':
    'every answer within five seconds, while the store says nothing',
  'test/e2e/kill.test.ts': 'kill -9 under load, with a bar for the slowest request',
};

/**
 * These need the machine for themselves: they run one by one, last of all. A file is on this list only with a
 * reason. Keep it short: every minute here is a minute on one core.
 */
export const ALONE: Readonly<Record<string, string>> = {
  'test/adapters/eventstoredb/cluster-program.test.ts':
    'every answer within five seconds, while the leader of three nodes dies',
  'test/adapters/embedded-postgres/embedded-postgres-several.test.ts':
    'kills Postgres with -9 again and again, and looks at how it comes back',
  'test/adapters/postgres/role-holes.test.ts':
    'makes roles dangerous, which every program on the server refuses to serve with',
  'test/attacks/talkative.test.ts': 'a first message is visible within a second, behind 5,000 others',
  'test/attacks/flood.test.ts': 'compares the response times of people at work with and without a flood',
  'test/e2e/rebuild-live.test.ts': 'compares the response times of people at work with and without a rebuild',
  'test/e2e/field-service/telegram-race.test.ts': 'half of thirty taps at once are answered within a second',
  'test/engine/cluster/process-membership.test.ts': 'bars of milliseconds for the answers of other processes',
  'test/http/audit/access-audit.test.ts': 'a bar of 200 ms for twenty reads',
  'test/http/live/stream-clients.test.ts': 'a bar of one second for a hundred readers',
  'test/http/staff/auth.test.ts': 'compares how long the check of a known and of an unknown account takes',
  'test/http/staff/permission-cache.test.ts': 'a bar for how fast another process learns of a change',
};

/**
 * Started first, the longest at the top: a long file that starts last keeps one process busy while the others have
 * nothing to do. The summary of a run names the slowest files.
 */
export const LONGEST_FIRST: readonly string[] = [
  'test/engine/projections/rebuild/rebuild-command.test.ts',
  'test/http/exports/exports.test.ts',
  'test/projections/analytics/oracle.test.ts',
  'test/engine/projections/batches.test.ts',
  'test/e2e/start-and-stop.test.ts',
  'test/http/framework/fuzz.test.ts',
  'test/engine/projections/rebuild/rebuild.test.ts',
  'test/jobs/blasts/blast.test.ts',
  'test/http/audit/history.test.ts',
  'test/e2e/field-service/two-processes.test.ts',
  'test/e2e/two-processes.test.ts',
  'test/http/erasure/erasure.test.ts',
  'test/jobs/blasts/blast-killed.test.ts',
  'test/e2e/event-store-away.test.ts',
  'test/e2e/takeover.test.ts',
  'test/http/framework/roles-matrix.test.ts',
  'test/docs/client.test.ts',
  'test/http/analytics/analytics.test.ts',
  'test/web/screens/dashboard.test.ts',
  'test/web/screens/desk.test.ts',
  'test/web/screens/field-service.test.ts',
];

export interface Plan {
  readonly together: readonly string[];
  readonly inPairs: readonly string[];
  readonly alone: readonly string[];
}

const isUnder = (file: string, place: string): boolean => file === place || file.startsWith(`${place}/`);

/** @param files as `test/http/staff/auth.test.ts` */
export function planOf(files: readonly string[]): Plan {
  const isOn = (list: Readonly<Record<string, string>>, file: string): boolean =>
    Object.keys(list).some((place) => isUnder(file, place));
  const rank = (file: string): number => {
    const at = LONGEST_FIRST.indexOf(file);
    return at === -1 ? LONGEST_FIRST.length : at;
  };
  return {
    together: files
      .filter((file) => !isOn(IN_PAIRS, file) && !isOn(ALONE, file))
      .toSorted((a, b) => rank(a) - rank(b)),
    inPairs: files.filter((file) => isOn(IN_PAIRS, file)),
    alone: files.filter((file) => isOn(ALONE, file)),
  };
}
