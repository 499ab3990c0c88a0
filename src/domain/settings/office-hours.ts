/** When a division is at work (docs/design/business-rules.md#office-hours). */
import { type Calendar, weekdayOf } from '../time/calendar.ts';

export interface OpenHours {
  /** 0 = Sunday. */
  readonly dayOfWeek: number;
  /** 'HH:MM', local to the business. A close before the open ends on the next day. */
  readonly opens: string;
  readonly closes: string;
}

/** Monday to Friday, 08:00 to 17:00, until a division configures its own. */
export const DEFAULT_HOURS: readonly OpenHours[] = [1, 2, 3, 4, 5].map((dayOfWeek) => ({
  dayOfWeek,
  opens: '08:00',
  closes: '17:00',
}));

const MINUTES_A_DAY = 24 * 60;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const minutes = (time: string): number => {
  const [hour = '0', minute = '0'] = time.split(':');
  return Number(hour) * 60 + Number(minute);
};

/** Minutes of the week from Sunday, 00:00: when a row begins, and how long it lasts. */
function spanOf({ dayOfWeek, opens, closes }: OpenHours): { readonly from: number; readonly length: number } {
  const from = minutes(opens);
  const length = (minutes(closes) - from + MINUTES_A_DAY) % MINUTES_A_DAY || MINUTES_A_DAY;
  return { from: dayOfWeek * MINUTES_A_DAY + from, length };
}

/** @returns the places of the first two rows that share a minute; null when none do. Rows that only touch share none. */
export function firstOverlap(hours: readonly OpenHours[]): readonly [earlier: number, later: number] | null {
  const spans = hours.map(spanOf);
  const week = 7 * MINUTES_A_DAY;
  for (const [later, b] of spans.entries())
    for (const [earlier, a] of spans.slice(0, later).entries()) {
      const after = (b.from - a.from + week) % week;
      if (after < a.length || week - after < b.length) return [earlier, later];
    }
  return null;
}

/** Asked with each message of a customer, and slow to make. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timezone, made);
  return made;
}

/** @returns a function from a moment to whether `hours` hold then, in `timezone` (IANA name) */
export function openAt(hours: readonly OpenHours[], timezone: string): (at: Date) => boolean {
  const format = formatOf(timezone);
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const day = DAYS.indexOf(parts['weekday'] ?? '');
    const minute = Number(parts['hour']) * 60 + Number(parts['minute']);
    return hours.some(({ dayOfWeek, opens, closes }) => {
      const { length } = spanOf({ dayOfWeek, opens, closes });
      const since = ((day - dayOfWeek + 7) % 7) * MINUTES_A_DAY + minute - minutes(opens);
      return (since >= 0 && since < length) || (since + 7 * MINUTES_A_DAY < length && since < 0);
    });
  };
}

export interface OpenState {
  readonly isOpen: boolean;
  /** When it opens next after a time in which it is closed, and closes next; null: never. */
  readonly nextOpenAt: Date | null;
  readonly nextCloseAt: Date | null;
}

const DAYS_AHEAD = 8;

/** Whether a division is at work at `at`, and when that changes. @param calendar of the business, in `timezone` */
export function openState(
  hours: readonly OpenHours[],
  timezone: string,
  calendar: Calendar,
  at: Date,
): OpenState {
  const isOpenAt = openAt(hours, timezone);
  const today = calendar.dayOf(at.getTime());
  const edges = new Set<number>();
  for (let day = today - 1; day <= today + DAYS_AHEAD; day += 1) {
    for (const { dayOfWeek, opens, closes } of hours) {
      if (weekdayOf(day) !== dayOfWeek) continue;
      const from = minutes(opens);
      const length = (minutes(closes) - from + MINUTES_A_DAY) % MINUTES_A_DAY || MINUTES_A_DAY;
      edges.add(calendar.momentOf(day, from)).add(calendar.momentOf(day, from + length));
    }
  }
  const later = [...edges].filter((edge) => edge > at.getTime()).sort((a, b) => a - b);
  // Where one row ends and the next begins, nothing changes.
  const changesTo = (open: boolean): Date | null => {
    const found = later.find(
      (edge) => isOpenAt(new Date(edge)) === open && isOpenAt(new Date(edge - 1)) !== open,
    );
    return found === undefined ? null : new Date(found);
  };
  return { isOpen: isOpenAt(at), nextOpenAt: changesTo(true), nextCloseAt: changesTo(false) };
}
