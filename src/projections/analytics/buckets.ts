/** Which rows a period adds up: whole months by their own rows, the days before and after them one by one. */
import { type Calendar, dayNumber, dayText } from '../../domain/time/calendar.ts';
import { monthAfter, monthPeriod, type Period } from '../../domain/time/period.ts';
import { columns } from '../../engine/projections/view.ts';

/** A period and the name its figures go by. */
export interface Labelled {
  readonly label: string;
  readonly period: Period;
}

interface Bucket {
  readonly label: string;
  readonly span: 'day' | 'month';
  readonly from: string;
  readonly to: string;
}

function bucketsOf({ label, period: { from, to } }: Labelled): readonly Bucket[] {
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
 * The rows `t` of a counter table that lie in each bucket `b (label, span, lo, hi)`, from parameters $1 to $4. `offset 0`
 * keeps the bucket outermost: left to itself Postgres reads the whole table and throws most of it away.
 */
export const inBuckets = (table: string, condition: string): string =>
  `from unnest($1::text[], $2::text[], $3::date[], $4::date[]) b (label, span, lo, hi)
cross join lateral (select t.* from read.${table} t
  where ${condition} and t.span = b.span and t.day >= b.lo and t.day <= b.hi offset 0) t`;

export const bucketColumns = (periods: readonly Labelled[]): unknown[][] =>
  columns(
    periods.flatMap(bucketsOf),
    ({ label }) => label,
    ({ span }) => span,
    ({ from }) => from,
    ({ to }) => to,
  );

/** `unnest` of these is `b (label, lo, hi)`: parameters $1 to $3, hi exclusive. */
export const MOMENTS = 'unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) b (label, lo, hi)';

/** From (inclusive) to (exclusive), ms since 1970. */
export const momentsOf = ({ from, to }: Period, calendar: Calendar) => ({
  from: calendar.momentOf(dayNumber(from)),
  to: calendar.momentOf(dayNumber(to) + 1),
});

export const momentColumns = (periods: readonly Labelled[], calendar: Calendar): unknown[][] =>
  columns(
    periods,
    ({ label }) => label,
    ({ period }) => new Date(momentsOf(period, calendar).from),
    ({ period }) => new Date(momentsOf(period, calendar).to),
  );
