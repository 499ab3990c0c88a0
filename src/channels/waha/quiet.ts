/** When a session writes to nobody, as the person would not whose account it is (docs/design/channels.md#waha). */

/** Minutes of the day, in the zone of the business; past midnight where `to` is smaller. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
  readonly timezone: string;
}

const DAY = 24 * 60;

/** `22:00-06:00`. @returns undefined: none, or a time that is none */
export function quietHoursIn(text: string): Omit<QuietHours, 'timezone'> | undefined {
  const [, h1, m1, h2, m2] = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  const from = Number(h1) * 60 + Number(m1);
  const to = Number(h2) * 60 + Number(m2);
  return Number.isNaN(from + to) || from === to ? undefined : { from, to };
}

function minuteOf(now: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).formatToParts(now);
  const value = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return value('hour') * 60 + value('minute');
}

/** @returns milliseconds until it may write again; 0: now */
export function quietFor(hours: QuietHours | null, now: Date): number {
  if (hours === null) return 0;
  const { from, to, timezone } = hours;
  const minute = minuteOf(now, timezone);
  const isQuiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  if (!isQuiet) return 0;
  // To the whole minute: a few seconds too late harm nobody.
  return ((to - minute + DAY) % DAY) * 60_000;
}
