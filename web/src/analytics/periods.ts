/** Which days the figures are of, as the address says it (docs/design/figures.md#figures). Days are `YYYY-MM-DD`. */
import type { Division } from '../lib/api.ts';

export const SPANS = ['day', 'week', 'month', 'custom'] as const;
export type Span = (typeof SPANS)[number];

export interface FiguresSearch {
  level?: 'agents';
  division?: Division;
  by?: Span;
  /** A day of the period; for `custom` its first. */
  from?: string;
  /** For `custom`: the last day. */
  to?: string;
}

export interface Days {
  readonly start: string;
  readonly end: string;
}

/** As the API takes them at most. */
export const MOST_DAYS = 366;

const DAY_MS = 86_400_000;
const DIVISIONS = ['sari', 'savi', 'safia'] as const;

const numberOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const isDay = (value: unknown): value is string =>
  typeof value === 'string' && /^20\d\d-\d\d-\d\d$/.test(value) && dayAfter(value, 0) === value;
/** Empty for a day that is in no calendar. */
export function dayAfter(day: string, by: number): string {
  const at = numberOf(day) + by * DAY_MS;
  return Number.isNaN(at) ? '' : new Date(at).toISOString().slice(0, 10);
}
export const daysIn = ({ start, end }: Days): number =>
  Math.round((numberOf(end) - numberOf(start)) / DAY_MS) + 1;

/** `YYYY-MM`, so many months later. */
export function monthAfter(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}
/** @param month `YYYY-MM` */
export const monthDays = (month: string): Days => ({
  start: `${month}-01`,
  end: dayAfter(`${monthAfter(month, 1)}-01`, -1),
});
const mondayOf = (day: string): string => dayAfter(day, -((new Date(numberOf(day)).getUTCDay() + 6) % 7));

/** Anything else in an address is as if it were not there. */
export function figuresSearch(search: Record<string, unknown>): FiguresSearch {
  const by = SPANS.find((one) => one === search['by']);
  const division = DIVISIONS.find((one) => one === search['division']);
  const { from, to } = search;
  return {
    ...(search['level'] === 'agents' ? { level: 'agents' } : {}),
    ...(division === undefined ? {} : { division }),
    ...(by === undefined ? {} : { by }),
    ...(isDay(from) ? { from } : {}),
    ...(isDay(to) ? { to } : {}),
  };
}

/** @param today the business day */
export function daysOf({ by = 'month', from, to }: FiguresSearch, today: string): Days {
  const day = from ?? today;
  if (by === 'day') return { start: day, end: day };
  if (by === 'week') return { start: mondayOf(day), end: dayAfter(mondayOf(day), 6) };
  if (by === 'month') return monthDays(day.slice(0, 7));
  const start = from ?? dayAfter(today, -29);
  const end = to !== undefined && to >= start ? to : start > today ? start : today;
  return { start, end: daysIn({ start, end }) > MOST_DAYS ? dayAfter(start, MOST_DAYS - 1) : end };
}

/** The period next to this one. @param by -1: before, 1: after */
export function stepped(search: FiguresSearch, today: string, by: -1 | 1): FiguresSearch {
  const { start, end } = daysOf(search, today);
  if ((search.by ?? 'month') === 'month')
    return { ...search, from: `${monthAfter(start.slice(0, 7), by)}-01` };
  const distance = daysIn({ start, end }) * by;
  return {
    ...search,
    from: dayAfter(start, distance),
    ...(search.by === 'custom' ? { to: dayAfter(end, distance) } : {}),
  };
}

/** As the API is asked: a month is compared with the month before, other days with as many before them. */
export const periodQuery = (search: FiguresSearch, days: Days): Record<string, string> =>
  (search.by ?? 'month') === 'month'
    ? { period: days.start.slice(0, 7) }
    : { start_date: days.start, end_date: days.end };

/** Steps that make a line of some 10 to 40 points. */
export function granularityFor(days: Days): 'day' | 'week' | 'month' {
  const count = daysIn(days);
  return count <= 45 ? 'day' : count <= 190 ? 'week' : 'month';
}

const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('id-ID', { timeZone: 'UTC', ...options });
const LONG = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const DATE = format({ day: 'numeric', month: 'short', year: 'numeric' });
const SHORT = format({ day: 'numeric', month: 'short' });
const MONTH = format({ month: 'long', year: 'numeric' });
const SHORT_MONTH = format({ month: 'short', year: '2-digit' });

/** `3 Jul` */
export const shortDay = (day: string): string => SHORT.format(numberOf(day));
/** `3 Jul 2026` */
export const fullDay = (day: string): string => DATE.format(numberOf(day));
/** `Juli 2026` */
export const fullMonth = (month: string): string => MONTH.format(numberOf(`${month}-01`));
/** `Jul 26` */
export const shortMonth = (month: string): string => SHORT_MONTH.format(numberOf(`${month}-01`));

/** `Juli 2026`, `Jumat, 3 Juli 2026`, `29 Jun – 5 Jul 2026` */
export function nameOf({ start, end }: Days): string {
  if (start === end) return LONG.format(numberOf(start));
  const month = monthDays(start.slice(0, 7));
  if (month.start === start && month.end === end) return fullMonth(start.slice(0, 7));
  return start.slice(0, 4) === end.slice(0, 4)
    ? `${shortDay(start)} – ${fullDay(end)}`
    : `${fullDay(start)} – ${fullDay(end)}`;
}
