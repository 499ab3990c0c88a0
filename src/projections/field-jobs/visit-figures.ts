/** Figures of visits (docs/design/field-service.md#visit-figures). */
import { sql } from 'kysely';
import type { Period } from '../../domain/time/period.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { ReadStore, Scope } from '../../ports.ts';

interface Sums {
  readonly jobs: number;
  readonly cancelled: number;
  readonly takenMinutes: number | null;
  readonly arrived: number;
  readonly onTime: number;
  readonly noShows: number;
  readonly completed: number;
  readonly atOnce: number;
}

const sums = statement(
  'visit_sums',
  (divisions: readonly Division[], from: string, to: string) =>
    sql<Sums>`select count(*) filter (where status <> 'cancelled')::int as jobs,
  count(*) filter (where status = 'cancelled')::int as cancelled,
  (percentile_cont(0.5) within group (order by extract(epoch from taken_at - opened_at)) / 60)::float8 as "takenMinutes",
  count(arrived_at)::int as arrived,
  count(*) filter (where arrived_at <= greatest(window_to, extended_until))::int as "onTime",
  coalesce(sum(missed), 0)::int as "noShows", count(completed_at)::int as completed,
  count(*) filter (where completed_at is not null and missed = 0 and sent_back = 0)::int as "atOnce"
from read.visits where division = any(${divisions}) and day between ${from}::date and ${to}::date`,
);

const byDay = statement(
  'visit_days',
  (divisions: readonly Division[], from: string, to: string) =>
    sql<
      Columns<'read.visits', { day: 'day' }> & { readonly jobs: number; readonly completed: number }
    >`select day, count(*)::int as jobs, count(completed_at)::int as completed
from read.visits where division = any(${divisions}) and day between ${from}::date and ${to}::date and status <> 'cancelled'
group by day order by day`,
);

/** @returns one decimal; null of nothing */
const percentOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 1_000) / 10;

/** @returns figures of the jobs whose window begins in the period, and those of its days that have any. @throws StoreUnavailable */
export async function visitFigures(
  read: ReadStore,
  scope: Scope,
  divisions: readonly Division[],
  { from, to }: Period,
) {
  const [[sum], days] = await read.scoped(scope, async (on) => [
    await on.query(sums(divisions, from, to)),
    await on.query(byDay(divisions, from, to)),
  ]);
  if (sum === undefined) throw new TypeError('a sum without groups has one row');
  const { jobs, cancelled, takenMinutes, arrived, onTime, noShows, completed, atOnce } = sum;
  return {
    figures: {
      ...{ jobs, cancelled, arrived, completed, no_shows: noShows },
      median_minutes_to_take: takenMinutes === null ? null : Math.round(takenMinutes * 10) / 10,
      on_time_pct: percentOf(onTime, arrived),
      first_visit_pct: percentOf(atOnce, completed),
    },
    days: [...days],
  };
}
