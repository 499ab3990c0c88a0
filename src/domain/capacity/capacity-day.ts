/** How many jobs a division takes on a day, and which have a place (docs/design/field-service.md#capacity). */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { calendarOf, dayNumber, dayText } from '../time/calendar.ts';
import { division, type Division } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

/** @param id of `capacityDayId` */
export const capacityStream = (id: string): string => `capacity-${id}`;

/** @param day 'YYYY-MM-DD', of `jobDayOf` */
export const capacityDayId = (of: Division, day: string): string => `${of}-${day}`;

/** The days of field service: streams are named by them, so no setting moves them. */
const FIELD_CALENDAR = calendarOf('Asia/Jakarta');

/** @param moment ISO 8601 @returns the day that a clock in Jakarta shows then, 'YYYY-MM-DD' */
export const jobDayOf = (moment: string): string => dayText(FIELD_CALENDAR.dayOf(Date.parse(moment)));

/** @param day 'YYYY-MM-DD' @returns the day so many after it; before it when negative */
export const dayAfter = (day: string, by: number): string => dayText(dayNumber(day) + by);

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const about = { division, day: z.iso.date() };

/** How many jobs the day takes from now on; also fewer than have a place already. */
export const CapacitySet = defineEvent('CapacitySet', { ...about, slots: z.int().min(0) });
/** Stored before the job itself, so that the last place is given once. */
export const SlotReserved = defineEvent('SlotReserved', { ...about, jobId: z.uuid() });
export const SlotReleased = defineEvent('SlotReleased', { ...about, jobId: z.uuid() });

export const capacityDayEvents = [CapacitySet, SlotReserved, SlotReleased] as const;
export type CapacityDayEvent = EventOf<(typeof capacityDayEvents)[number]>;

// ---------------------------------------------------------------- state

export interface CapacityDay {
  /** null: nobody said, JOBS_PER_DAY holds. */
  readonly slots: number | null;
  readonly jobs: ReadonlySet<string>;
}

/** @param jobsPerDay JOBS_PER_DAY */
export const hasRoom = ({ slots, jobs }: CapacityDay, jobsPerDay: number): boolean =>
  jobs.size < (slots ?? jobsPerDay);

// ---------------------------------------------------------------- evolve

function evolve(day: CapacityDay, { type, data }: CapacityDayEvent): CapacityDay {
  switch (type) {
    case 'CapacitySet':
      return { ...day, slots: data.slots };
    case 'SlotReserved':
      return { ...day, jobs: new Set([...day.jobs, data.jobId]) };
    case 'SlotReleased':
      return { ...day, jobs: new Set([...day.jobs].filter((id) => id !== data.jobId)) };
    default:
      return day;
  }
}

export const capacityDay: Aggregate<CapacityDay, CapacityDayEvent> = {
  category: 'capacity',
  stream: capacityStream,
  initial: { slots: null, jobs: new Set() },
  evolve,
};
