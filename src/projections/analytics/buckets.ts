/** Which counter rows a period adds up: whole months by their month rows, the days before and after by their day rows. */
import { type Calendar, dayNumber, dayText } from '../../domain/time/calendar.ts';
import { monthAfter, monthPeriod, type Period } from '../../domain/time/period.ts';
import { columns } from '../../engine/projections/view.ts';

/** A period and the label that its sums carry in the result. */
export interface LabelledPeriod {
  readonly label: string;
  readonly period: Period;
}

interface Bucket {
  readonly label: string;
  readonly span: 'day' | 'month';
  readonly from: string;
  readonly to: string;
}

function bucketsOf({ label, period: { from, to } }: LabelledPeriod): readonly Bucket[] {
  const dayAfter = dayText(dayNumber(to) + 1);
  const firstMonth = from.endsWith('-01') ? from.slice(0, 7) : monthAfter(from.slice(0, 7), 1);
  const lastMonth = monthAfter(dayAfter.slice(0, 7), -1);
  if (firstMonth > lastMonth) return [{ label, span: 'day', from, to }];
  const whole = { from: `${firstMonth}-01`, to: monthPeriod(lastMonth).to };
  return [
    { label, span: 'day' as const, from, to: dayText(dayNumber(whole.from) - 1) },
    { label, span: 'month' as const, from: whole.from, to: `${lastMonth}-01` },
    { label, span: 'day' as const, from: dayText(dayNumber(whole.to) + 1), to },
  ].filter((bucket) => bucket.from <= bucket.to);
}

/**
 * SQL: the rows `t` of a counter table in each bucket `b (label, span, lo, hi)`. Its parameters are $1 to $4, see
 * `bucketColumns`. `offset 0` keeps the bucket outermost: without it Postgres reads the whole table.
 * @param table a counter table of schema `read` that has the columns `span` and `day`
 * @param condition SQL on the row `t`
 */
export const inBuckets = (table: string, condition: string): string =>
  `from unnest($1::text[], $2::text[], $3::date[], $4::date[]) b (label, span, lo, hi)
cross join lateral (select t.* from read.${table} t
  where ${condition} and t.span = b.span and t.day >= b.lo and t.day <= b.hi offset 0) t`;

/** The parameters $1 to $4 of `inBuckets`. */
export const bucketColumns = (periods: readonly LabelledPeriod[]): unknown[][] =>
  columns(
    periods.flatMap(bucketsOf),
    ({ label }) => label,
    ({ span }) => span,
    ({ from }) => from,
    ({ to }) => to,
  );

/** SQL: one row `b (label, lo, hi)` per period, `hi` exclusive. Its parameters are $1 to $3, see `timeRangeColumns`. */
export const TIME_RANGES = 'unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) b (label, lo, hi)';

/** @returns from (inclusive) to (exclusive), in ms since 1970 */
export const timeRangeOf = ({ from, to }: Period, calendar: Calendar) => ({
  from: calendar.momentOf(dayNumber(from)),
  to: calendar.momentOf(dayNumber(to) + 1),
});

/** The parameters $1 to $3 of `TIME_RANGES`. */
export const timeRangeColumns = (periods: readonly LabelledPeriod[], calendar: Calendar): unknown[][] =>
  columns(
    periods,
    ({ label }) => label,
    ({ period }) => new Date(timeRangeOf(period, calendar).from),
    ({ period }) => new Date(timeRangeOf(period, calendar).to),
  );
