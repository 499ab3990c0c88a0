/** How long a division was at work, and how much of it somebody was online (docs/design/api.md#availability). */
import { type Calendar, weekdayOf } from '../time/calendar.ts';
import type { OpenHours } from '../settings/office-hours.ts';

/** Hours and since when they hold; the last of several at one moment counts. */
export interface HoursChange {
  /** ms since 1970; -Infinity for those before anything was set. */
  readonly since: number;
  readonly hours: readonly OpenHours[];
}
/** Oldest first. */
export type HoursHistory = readonly HoursChange[];

/** From (inclusive) to (exclusive), ms since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const MINUTES_A_DAY = 24 * 60;

const minutesOf = (time: string): number => {
  const [hour = '0', minute = '0'] = time.split(':');
  return Number(hour) * 60 + Number(minute);
};

function* openIn({ hours }: HoursChange, { from, to }: Span, calendar: Calendar): Generator<Span> {
  // What opened yesterday may close today.
  for (let day = calendar.dayOf(from) - 1; day <= calendar.dayOf(to); day += 1) {
    for (const { dayOfWeek, opens, closes } of hours) {
      if (dayOfWeek !== weekdayOf(day)) continue;
      const open = minutesOf(opens);
      const length = (minutesOf(closes) - open + MINUTES_A_DAY) % MINUTES_A_DAY || MINUTES_A_DAY;
      const start = Math.max(from, calendar.momentOf(day, open));
      const end = Math.min(to, calendar.momentOf(day, open + length));
      if (start < end) yield { from: start, to: end };
    }
  }
}

/** What lies in any of these, each moment once, in order. */
function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

/** When any of these divisions was at work within `within`, under the hours in force at each moment. */
export function openSpans(
  histories: readonly HoursHistory[],
  within: Span,
  calendar: Calendar,
): readonly Span[] {
  const spans = histories.flatMap((history) =>
    history.flatMap((change, index) => {
      const from = Math.max(within.from, change.since);
      const to = Math.min(within.to, history[index + 1]?.since ?? Number.POSITIVE_INFINITY);
      return from < to ? [...openIn(change, { from, to }, calendar)] : [];
    }),
  );
  return mergeSpans(spans);
}

/** The milliseconds of these spans, by the day they fall on. */
export function msByDay(spans: readonly Span[], calendar: Calendar): ReadonlyMap<number, number> {
  const days = new Map<number, number>();
  for (const { from, to } of spans) {
    for (let at = from; at < to;) {
      const day = calendar.dayOf(at);
      const end = Math.min(to, calendar.momentOf(day + 1));
      days.set(day, (days.get(day) ?? 0) + end - at);
      at = end;
    }
  }
  return days;
}
