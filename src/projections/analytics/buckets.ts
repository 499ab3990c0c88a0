/** Which counter rows a period adds up: whole months by their month rows, the days before and after by their day rows. */
import { type RawBuilder, sql } from 'kysely';
import { type Calendar, dayNumber, dayText } from '../../domain/time/calendar.ts';
import { type Granularity, monthAfter, monthPeriod, type Period, stepsOf } from '../../domain/time/period.ts';
import type { Row, TableName } from '../../engine/sql/tables.ts';

/** A period and the label that its sums carry in the result. */
export interface LabelledPeriod {
  readonly label: string;
  readonly period: Period;
}

/** The steps of a series, each with a label of its own; none without a granularity. */
export const labelledSteps = (
  period: Period,
  granularity: Granularity | undefined,
): readonly LabelledPeriod[] =>
  granularity === undefined
    ? []
    : stepsOf(period, granularity).map((step) => ({ label: `from ${step.from}`, period: step }));

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

/** The tables that count by day and by month. */
type CounterTableName = {
  [T in TableName]: 'span' | 'day' extends keyof Row<T> ? T : never;
}[TableName];

/**
 * Sums of columns under other names, as float8:
 * `Sums<'read.analytics_days', { cycleMs: 'cycle_ms' }>` is `{ cycleMs: number }`.
 */
export type Sums<T extends CounterTableName, Names extends Readonly<Record<string, keyof Row<T>>>> = {
  readonly [Name in keyof Names]: number;
};

/** Buckets as columns: the first arguments of every statement that uses `inBuckets`. */
export type BucketColumns = readonly [
  labels: readonly string[],
  spans: readonly string[],
  from: readonly string[],
  to: readonly string[],
];

/**
 * SQL: the rows `t` of a counter table in each bucket `b (label, span, lo, hi)`.
 * `offset 0` keeps the bucket outermost: without it Postgres reads the whole table.
 * @param condition SQL on the row `t`
 */
export const inBuckets = (
  table: CounterTableName,
  [labels, spans, from, to]: BucketColumns,
  condition: RawBuilder<unknown>,
): RawBuilder<unknown> =>
  sql`from unnest(${labels}::text[], ${spans}::text[], ${from}::date[], ${to}::date[]) b (label, span, lo, hi)
cross join lateral (select t.* from ${sql.raw(table)} t
  where ${condition} and t.span = b.span and t.day >= b.lo and t.day <= b.hi offset 0) t`;

/** The buckets of these periods. */
export function bucketColumns(periods: readonly LabelledPeriod[]): BucketColumns {
  const buckets = periods.flatMap(bucketsOf);
  return [
    buckets.map(({ label }) => label),
    buckets.map(({ span }) => span),
    buckets.map(({ from }) => from),
    buckets.map(({ to }) => to),
  ];
}

/** Time ranges as columns: the first arguments of every statement that uses `timeRanges`. */
export type TimeRangeColumns = readonly [
  labels: readonly string[],
  from: readonly Date[],
  to: readonly Date[],
];

/** SQL: one row `b (label, lo, hi)` per time range, `hi` exclusive. */
export const timeRanges = ([labels, from, to]: TimeRangeColumns): RawBuilder<unknown> =>
  sql`unnest(${labels}::text[], ${from}::timestamptz[], ${to}::timestamptz[]) b (label, lo, hi)`;

/** @returns from (inclusive) to (exclusive), in ms since 1970 */
export const timeRangeOf = ({ from, to }: Period, calendar: Calendar) => ({
  from: calendar.momentOf(dayNumber(from)),
  to: calendar.momentOf(dayNumber(to) + 1),
});

/** The time ranges of these periods. */
export const timeRangeColumns = (
  periods: readonly LabelledPeriod[],
  calendar: Calendar,
): TimeRangeColumns => [
  periods.map(({ label }) => label),
  periods.map(({ period }) => new Date(timeRangeOf(period, calendar).from)),
  periods.map(({ period }) => new Date(timeRangeOf(period, calendar).to)),
];
