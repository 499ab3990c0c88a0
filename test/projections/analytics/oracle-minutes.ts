/** Of the oracle: who was there, minute by minute; and what became of each message of a blast. */
import type { Recorded } from '../../../src/domain/codec.ts';
import { DAY, HOUR, MINUTE } from './history.ts';

type Of<T extends Recorded['type']> = Extract<Recorded, { type: T }>;
const time = (event: Recorded): number => Date.parse(event.metadata.at);
/** Jakarta is seven hours ahead, always. */
export const dayAt = (ms: number): string => new Date(ms + 7 * HOUR).toISOString().slice(0, 10);

// ---------------------------------------------------------------- minutes

type Hours = readonly { dayOfWeek: number; opens: string; closes: string; isActive: boolean }[];
const DEFAULT: Hours = [1, 2, 3, 4, 5].map((dayOfWeek) => ({
  dayOfWeek,
  opens: '08:00',
  closes: '17:00',
  isActive: true,
}));
const clock = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

function isOpen(hours: Hours, ms: number): boolean {
  const local = new Date(ms + 7 * HOUR);
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
  return hours.some(({ dayOfWeek, opens, closes, isActive }) => {
    if (!isActive) return false;
    const [from, to] = [clock(opens), clock(closes)];
    const today = local.getUTCDay() === dayOfWeek;
    const yesterday = (local.getUTCDay() + 6) % 7 === dayOfWeek;
    if (from < to) return today && minute >= from && minute < to;
    return (today && minute >= from) || (yesterday && minute < to);
  });
}

const WEEK = 7 * 24 * 60;
const tables = new WeakMap<Hours, readonly boolean[]>();
/** isOpen for each minute of a week that begins on a Sunday. */
function week(hours: Hours): readonly boolean[] {
  const sunday = Date.parse('2026-02-08T00:00:00+07:00');
  let table = tables.get(hours);
  if (table === undefined) {
    table = Array.from({ length: WEEK }, (_, minute) => isOpen(hours, sunday + minute * MINUTE));
    tables.set(hours, table);
  }
  return table;
}
/** 1970 began on a Thursday. */
const minuteOfWeek = (ms: number): number => ((ms + 7 * HOUR) / MINUTE + 4 * 24 * 60) % WEEK;

/** Of one person: for each day of Jakarta, how many minutes were office hours up to now, and in how many they were online. */
export function minutesOf(events: readonly Recorded[], userId: string, first: number, now: number) {
  const changes = events.filter(
    (event) => event.type === 'OfficeHoursSet' || ('userId' in event.data && event.data.userId === userId),
  );
  const days = new Map<number, { office: number; online: number }>();
  const hours: Record<string, Hours> = { sari: DEFAULT, savi: DEFAULT, safia: DEFAULT };
  let division = changes.find((event) => event.type === 'UserRegistered')!.data.division as string;
  let online = false;
  const open = (): readonly (readonly boolean[])[] =>
    (division === 'all' ? ['sari', 'savi', 'safia'] : [division]).map((unit) => week(hours[unit]!));
  let weeks = open();
  const times = changes.map(time);
  let next = 0;
  let minute = minuteOfWeek(first);
  let day: { office: number; online: number } | undefined;
  for (let at = first; at < now; at += MINUTE, minute = (minute + 1) % WEEK) {
    // Midnight in Jakarta.
    if (minute % (24 * 60) === 0) day = undefined;
    for (; next < changes.length && times[next]! <= at; next += 1) {
      const event = changes[next]!;
      if (event.type === 'OfficeHoursSet') hours[event.data.division] = event.data.hours;
      if (event.type === 'UserMoved') division = event.data.division;
      if (event.type === 'UserDeactivated') online = false;
      if (event.type === 'PresenceChanged') online = event.data.status === 'online';
      weeks = open();
    }
    let isOffice = false;
    for (const table of weeks) isOffice ||= table[minute]!;
    if (!isOffice) continue;
    if (day === undefined) {
      day = { office: 0, online: 0 };
      days.set(Math.floor((at + 7 * HOUR) / DAY), day);
    }
    day.office += 1;
    if (online) day.online += 1;
  }
  return [...days].map(([number, of]) => [dayAt(number * DAY), of] as const);
}

// ---------------------------------------------------------------- blasts

export function blastsOf(events: readonly Recorded[]) {
  const attempts = events.filter(
    (event): event is Of<'BlastRecipientAttempted'> => event.type === 'BlastRecipientAttempted',
  );
  return attempts.map((attempt) => {
    const { blastId, ticketId, messageId, division } = attempt.data;
    const created = events.find(
      (event): event is Of<'BlastCreated'> => event.type === 'BlastCreated' && event.data.blastId === blastId,
    )!;
    const end = events.find(
      ({ type, data }) =>
        'blastId' in data &&
        data.blastId === blastId &&
        (type === 'BlastRecipientAccepted' ||
          type === 'BlastRecipientUnknown' ||
          type === 'BlastRecipientFailed'),
    )!.type;
    const told = events.flatMap((event) =>
      event.type === 'DeliveryReported' && event.data.messageId === messageId ? [event.data.status] : [],
    );
    const arrived = told.includes('delivered') || told.includes('read');
    const at = time(attempt);
    const answered = events.some(
      (event) =>
        event.type === 'MessageReceived' &&
        event.data.ticketId === ticketId &&
        time(event) >= at &&
        time(event) < at + 3 * DAY,
    );
    const accepted = end === 'BlastRecipientAccepted' && (arrived || !told.includes('failed'));
    const unknown = end === 'BlastRecipientUnknown' && (arrived || answered);
    const { category } = created.data.recipients[0]!;
    return { division, category, at, sent: accepted || unknown, answered };
  });
}
