/** Periods of days and what they are cut into (docs/design/api.md#periods). Days are 'YYYY-MM-DD', months 'YYYY-MM'. */
import { problem, type Problem, type ProblemCode, type ProblemParams } from '../problems.ts';
import { dayNumber, dayText, monthOf, weekdayOf } from './calendar.ts';

/** Days of the business, both inclusive. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export const GRANULARITIES = ['day', 'week', 'month'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** A leap year: longer periods are asked for year by year. */
export const MAX_DAYS = 366;

// ---------------------------------------------------------------- months

/** @returns the month so many after this one; before it when negative */
export function monthAfter(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

export const monthPeriod = (month: string): Period => ({
  from: `${month}-01`,
  to: dayText(dayNumber(`${monthAfter(month, 1)}-01`) - 1),
});

/** The `count` months up to the one that holds the last day, oldest first. */
export const monthsUpTo = ({ to }: Period, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => monthAfter(monthOf(to), index + 1 - count));

// ---------------------------------------------------------------- periods

export const daysIn = ({ from, to }: Period): number => dayNumber(to) - dayNumber(from) + 1;

const monthsBetween = (first: string, last: string): number => {
  const [from, to] = [first, last].map((month) => {
    const [year = 0, number = 0] = month.split('-').map(Number);
    return year * 12 + number;
  });
  return (to ?? 0) - (from ?? 0) + 1;
};

const isWholeMonths = ({ from, to }: Period): boolean =>
  from.endsWith('-01') && to === monthPeriod(monthOf(to)).to;

/** What a period is compared with: as many whole months before whole months, else as many days before it. */
export function previousOf(period: Period): Period {
  const { from, to } = period;
  if (isWholeMonths(period)) {
    const count = monthsBetween(monthOf(from), monthOf(to));
    return {
      from: `${monthAfter(monthOf(from), -count)}-01`,
      to: monthPeriod(monthAfter(monthOf(from), -1)).to,
    };
  }
  const first = dayNumber(from);
  return { from: dayText(first - daysIn(period)), to: dayText(first - 1) };
}

/** Days, weeks from Monday or months, the first and the last cut to the period. */
export function stepsOf(period: Period, granularity: Granularity): readonly Period[] {
  const last = dayNumber(period.to);
  const steps: Period[] = [];
  for (let day = dayNumber(period.from); day <= last;) {
    const from = dayText(day);
    let end = day;
    if (granularity === 'week') end = day + ((7 - weekdayOf(day)) % 7);
    if (granularity === 'month') end = dayNumber(monthPeriod(monthOf(from)).to);
    end = Math.min(end, last);
    steps.push({ from, to: dayText(end) });
    day = end + 1;
  }
  return steps;
}

// ---------------------------------------------------------------- what was asked for

export interface PeriodInput {
  readonly period?: string | undefined;
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
}
export type ReadPeriod = { readonly period: Period } | { readonly problem: Problem };

const isYear = (text: string): boolean => text >= '2000' && text < '2100';
const isDay = (text: string): boolean => isYear(text) && !Number.isNaN(dayNumber(text));

/** `period=YYYY-MM`, or `start_date` and `end_date`; nothing: the month of `today`. */
export function readPeriod({ period, start_date, end_date }: PeriodInput, today: string): ReadPeriod {
  const problemAt = (
    path: keyof PeriodInput,
    code: ProblemCode,
    message: string,
    params?: ProblemParams,
  ): ReadPeriod => ({ problem: problem(path, code, message, params) });
  if (period !== undefined) {
    if (start_date !== undefined || end_date !== undefined)
      return problemAt('period', 'NOT_TOGETHER', 'Isi period atau start_date dan end_date, jangan keduanya', {
        fields: ['period', 'start_date', 'end_date'],
      });
    if (!/^\d{4}-\d\d$/.test(period) || !isDay(`${period}-01`))
      return problemAt('period', 'BAD_FORMAT', 'Bulan harus berbentuk YYYY-MM, misalnya 2026-07');
    return { period: monthPeriod(period) };
  }
  if (start_date === undefined && end_date === undefined) return { period: monthPeriod(monthOf(today)) };
  if (start_date === undefined)
    return problemAt('start_date', 'REQUIRED', 'Isi juga tanggal awal (start_date)');
  if (end_date === undefined) return problemAt('end_date', 'REQUIRED', 'Isi juga tanggal akhir (end_date)');
  const message = 'Tanggal harus berbentuk YYYY-MM-DD dan ada di kalender';
  if (!isDay(start_date)) return problemAt('start_date', 'BAD_FORMAT', message);
  if (!isDay(end_date)) return problemAt('end_date', 'BAD_FORMAT', message);
  if (end_date < start_date)
    return problemAt('end_date', 'WRONG_ORDER', 'Tanggal akhir tidak boleh sebelum tanggal awal');
  const requested = { from: start_date, to: end_date };
  if (daysIn(requested) > MAX_DAYS)
    return problemAt('end_date', 'OUT_OF_RANGE', `Periode paling lama ${String(MAX_DAYS)} hari`, {
      maximum_days: MAX_DAYS,
    });
  return { period: requested };
}
