/** The people of the demo's past at their desks: who is there when, who has how much to do, and who gets the next ticket. */
import { decode } from '../../../domain/codec.ts';
import { notificationsOf } from '../../../domain/notifications/notification-rules.ts';
import { type OpenHours, openAt } from '../../../domain/settings/office-hours.ts';
import { DEFAULT_PRIVILEGES, type Caller } from '../../../domain/staff/privileges.ts';
import { calendarOf, weekdayOf } from '../../../domain/time/calendar.ts';
import { type Division, DIVISIONS } from '../../../domain/vocabulary.ts';
import type { StoredEvent } from '../../../ports.ts';
import type { Chance } from './chance.ts';
import type { Desk } from './desk.ts';
import { type Colleague, HOURS } from './people.ts';
import type { Course, World } from './world.ts';

export interface Worker extends Colleague {
  readonly caller: Caller;
  online: boolean;
  /** Open tickets that they have. */
  load: number;
  lastAssigned: number;
  /** Notifications that they have not read. */
  unread: string[];
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const hoursOf = (division: Division): OpenHours[] =>
  HOURS[division].flatMap((hours, dayOfWeek) =>
    hours === null ? [] : [{ dayOfWeek, opens: hours[0], closes: hours[1] }],
  );

/** As the route of office hours takes them. */
export const schedulesOf = (division: Division) =>
  hoursOf(division).map(({ dayOfWeek, opens, closes }) => ({
    day_of_week: dayOfWeek,
    open_time: opens,
    close_time: closes,
    is_active: true,
  }));

const minutesOf = (time: string): number => {
  const [hour = '0', minute = '0'] = time.split(':');
  return Number(hour) * 60 + Number(minute);
};

export type Office = ReturnType<typeof createOffice>;

/** @param timezone BUSINESS_TIMEZONE */
export function createOffice(timezone: string) {
  const people: Worker[] = [];
  const byId = new Map<string, Worker>();
  const calendar = calendarOf(timezone);
  const open = Object.fromEntries(
    DIVISIONS.map((division) => [division, openAt(hoursOf(division), timezone)]),
  ) as Readonly<Record<Division, (at: Date) => boolean>>;

  /** When the division opens and closes on the day that holds this moment; null: it stays closed. */
  function hoursOn(
    division: Division,
    at: number,
  ): { readonly opens: number; readonly closes: number } | null {
    const day = calendar.dayOf(at);
    const hours = HOURS[division][weekdayOf(day)] ?? null;
    return (
      hours && {
        opens: calendar.momentOf(day, minutesOf(hours[0])),
        closes: calendar.momentOf(day, minutesOf(hours[1])),
      }
    );
  }

  const isOpen = (division: Division, at: number): boolean => open[division](new Date(at));
  const nextDay = (at: number): number => calendar.momentOf(calendar.dayOf(at) + 1);

  return {
    people,
    calendar,
    isOpen,
    hoursOn,
    nextDay,
    join(one: Colleague, id: string): Worker {
      const privileges = new Set(DEFAULT_PRIVILEGES[one.role]);
      const caller = { id, role: one.role, division: one.division, privileges };
      const person = { ...one, caller, online: false, load: 0, lastAssigned: 0, unread: [] };
      people.push(person);
      byId.set(id, person);
      return person;
    },
    find: (id: string): Worker | undefined => byId.get(id),
    ofRole: (role: Worker['role']): Worker[] => people.filter((one) => one.role === role),
    agentsOf: (division: Division): Worker[] =>
      people.filter((one) => one.role === 'sales_agent' && one.division === division),
    /** Who gets the next ticket of the division: who has the fewest, then who was given none for the longest. */
    nextAgent(division: Division): { readonly agent: Worker; readonly online: number } | null {
      const there = people.filter(
        (one) => one.role === 'sales_agent' && one.division === division && one.online,
      );
      const [agent] = there.toSorted((a, b) => a.load - b.load || a.lastAssigned - b.lastAssigned);
      return agent ? { agent, online: there.length } : null;
    },
    /** This moment while the division is at work, else some minutes after it opens next. */
    atWork(division: Division, at: number, chance: Chance): number {
      for (let from = at; ; from = nextDay(from)) {
        const hours = hoursOn(division, from);
        if (hours === null || from >= hours.closes) continue;
        return from >= hours.opens ? from : hours.opens + chance.whole(4, 70) * MINUTE;
      }
    },
    /** Told of each event: who will find it in the list of notifications. */
    notify(event: StoredEvent): void {
      if (!/^(ticket|internal|blast)-/.test(event.stream)) return;
      for (const { userId } of notificationsOf(decode(event))) byId.get(userId)?.unread.push(event.id);
    },
  };
}

/** The days of one person: there in the morning, away for lunch, gone in the evening, some days not at all. */
export async function* workingDays(
  {
    world,
    desk,
    office,
    chance,
  }: {
    readonly world: World;
    readonly desk: Desk;
    readonly office: Office;
    readonly chance: Chance;
  },
  person: Worker,
  /** From when on it is known when they were at lunch, ms since 1970. */
  finelyFrom: number,
): Course {
  const division = person.division === 'all' ? 'sari' : person.division;
  const goes = async (status: 'online' | 'offline'): Promise<void> => {
    person.online = status === 'online';
    await desk.presence(person.caller, status);
  };
  for (;;) {
    const hours = office.hoursOn(division, world.now());
    // Long ago only the working day counts.
    const isRecent = world.now() > finelyFrom;
    if (hours !== null && chance.happens(person.habits.present) && hours.opens > world.now()) {
      const isLong = isRecent && hours.closes - hours.opens > 6 * HOUR;
      yield hours.opens + chance.whole(-6, 24) * MINUTE;
      await goes('online');
      if (isLong) {
        yield hours.opens + 4 * HOUR + chance.whole(-25, 35) * MINUTE;
        await goes('offline');
        yield world.now() + chance.whole(35, 70) * MINUTE;
        await goes('online');
      }
      yield hours.closes + chance.whole(-12, 9) * MINUTE;
      await goes('offline');
      yield world.now() + 2 * MINUTE;
      await readAll(desk, person, chance.happens(0.85) ? 0 : 4);
    }
    yield office.nextDay(world.now()) + MINUTE;
  }
}

/** @param left how many stay unread */
async function readAll(desk: Desk, person: Worker, left: number): Promise<void> {
  const ids = person.unread.splice(0, Math.max(0, person.unread.length - left));
  for (let from = 0; from < ids.length; from += 50)
    await desk.readNotifications(desk.as(person.caller), ids.slice(from, from + 50));
}
