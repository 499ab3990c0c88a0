/**
 * Days of the business (docs/design/api.md#times-money-and-ids): which day a moment falls on, and when a day begins.
 * Days are counted from 1970.
 */

export const DAY_MS = 86_400_000;
/** No zone changes its distance to UTC within one of these. */
const SLOT_MS = 900_000;
/** Days and slots that are remembered; beyond, they are computed again. */
const MAX_CACHED = 3_000;

export interface Calendar {
  /** The day that holds this moment (ms since 1970 UTC). */
  dayOf(at: number): number;
  /** The moment (ms) at which a clock of the business shows so many minutes on that day. */
  momentOf(day: number, minutes?: number): number;
}

const dayTexts = new Map<number, string>();

/** 20_000 as 'YYYY-MM-DD'. */
export function dayText(day: number): string {
  let text = dayTexts.get(day);
  if (text === undefined) {
    if (dayTexts.size > MAX_CACHED) dayTexts.clear();
    text = new Date(day * DAY_MS).toISOString().slice(0, 10);
    dayTexts.set(day, text);
  }
  return text;
}

/** 'YYYY-MM-DD' as a number of days; NaN when there is no such day. */
export function dayNumber(text: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // '2026-02-30' is read as the second of March.
  return Number.isNaN(at) || dayText(at / DAY_MS) !== text ? Number.NaN : at / DAY_MS;
}

/** 'YYYY-MM' of a day 'YYYY-MM-DD'. */
export const monthOf = (day: string): string => day.slice(0, 7);

/** 0 = Sunday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

const calendars = new Map<string, Calendar>();

/** The calendar of a zone, created once: it caches its answers. @throws RangeError when there is no such zone */
export function calendarOf(timezone: string): Calendar {
  const known = calendars.get(timezone);
  if (known) return known;
  const made = createCalendar(timezone);
  calendars.set(timezone, made);
  return made;
}

/** @param timezone IANA name @throws RangeError when there is no such zone */
export function createCalendar(timezone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const slots = new Map<number, number>();
  const days = new Map<number, number | null>();

  function offsetOfSlot(slot: number): number {
    const known = slots.get(slot);
    if (known !== undefined) return known;
    const parts = Object.fromEntries(
      format.formatToParts(slot * SLOT_MS).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    const offset = Date.UTC(year, month - 1, day, hour, minute) - slot * SLOT_MS;
    if (slots.size > MAX_CACHED) slots.clear();
    slots.set(slot, offset);
    return offset;
  }

  /**
   * Milliseconds that the clocks of the business are ahead of UTC. Asking Intl costs more than folding an event, so it is
   * asked once for a day of UTC that ends as it began: no zone changes twice within one day.
   */
  function offsetAt(at: number): number {
    const day = Math.floor(at / DAY_MS);
    let offset = days.get(day);
    if (offset === undefined) {
      const first = offsetOfSlot((day * DAY_MS) / SLOT_MS);
      offset = first === offsetOfSlot(((day + 1) * DAY_MS) / SLOT_MS) ? first : null;
      if (days.size > MAX_CACHED) days.clear();
      days.set(day, offset);
    }
    return offset ?? offsetOfSlot(Math.floor(at / SLOT_MS));
  }

  return {
    dayOf: (at) => Math.floor((at + offsetAt(at)) / DAY_MS),
    momentOf(day, minutes = 0) {
      const local = day * DAY_MS + minutes * 60_000;
      const guess = local - offsetAt(local);
      // Near a change of the clocks the first guess is on the other side of it.
      return local - offsetAt(guess);
    },
  };
}
