/** The clock of this machine against the one of Postgres (docs/design/reliability.md#keys-and-clocks). */
import { sql } from 'kysely';
import { statement } from '../../engine/sql/statement.ts';
import type { Clock, ClockCheck, WriteStore } from '../../ports.ts';

/** What expires is counted in hours and days; NTP keeps a clock within milliseconds. */
const MOST_MS = 5 * 60_000;

const databaseTime = statement(
  null,
  () => sql<{ readonly at: number }>`select extract(epoch from clock_timestamp())::float8 * 1000 as at`,
);

/** The clock is so wrong that what has not expired would be deleted. */
export class WrongClock extends Error {
  override readonly name = 'WrongClock';
  constructor(problem: string) {
    super(
      `${problem}. Correct the one that is wrong (timedatectl set-ntp true; chronyc tracking), then start again.`,
    );
  }
}

const said = (ms: number): string => {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 120) return `${String(minutes)} minutes`;
  return minutes < 2_880
    ? `${String(Math.round(minutes / 60))} hours`
    : `${String(Math.round(minutes / 1_440))} days`;
};

/** Compares `clock` with the database's each time it is asked. */
export const createClockCheck =
  (database: Pick<WriteStore, 'query'>, clock: Clock): ClockCheck =>
  async () => {
    const before = clock.now().getTime();
    const [row] = await database.query(databaseTime());
    const middle = (before + clock.now().getTime()) / 2;
    const ahead = middle - (row?.at ?? middle);
    if (Math.abs(ahead) <= MOST_MS) return null;
    return `the clock of this machine is ${said(ahead)} ${ahead > 0 ? 'ahead of' : 'behind'} the clock of the database (limit: 5 minutes)`;
  };

/** @throws WrongClock */
export async function assertClock(check: ClockCheck): Promise<void> {
  const problem = await check();
  if (problem !== null) throw new WrongClock(problem.charAt(0).toUpperCase() + problem.slice(1));
}
