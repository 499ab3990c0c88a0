/** What a technician has to do on a day: the boundary of their time (docs/design/field-service.md#agenda). */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';

// ---------------------------------------------------------------- stream name

/** @param id of `agendaId` */
export const agendaStream = (id: string): string => `agenda-${id}`;

/** @param day 'YYYY-MM-DD', of `jobDayOf` the begin of the job's window */
export const agendaId = (technicianId: string, day: string): string => `${technicianId}-${day}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const about = { technicianId: z.uuid(), day: z.iso.date(), jobId: z.uuid() };

/** Stored before the job is theirs. Again for the same job: with another window. */
export const AgendaReserved = defineEvent('AgendaReserved', {
  ...about,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export const AgendaReleased = defineEvent('AgendaReleased', about);

export const agendaEvents = [AgendaReserved, AgendaReleased] as const;
export type AgendaEvent = EventOf<(typeof agendaEvents)[number]>;

// ---------------------------------------------------------------- state

/** When a job is to be done. ISO 8601. */
export interface JobWindow {
  readonly from: string;
  readonly to: string;
}

/** The windows by the job's id. */
export type Agenda = ReadonlyMap<string, JobWindow>;

/** The way from one customer to the next. */
export const TRAVEL_MINUTES = 30;

/** Whether there is no time for the way between the two. */
export function overlaps(one: JobWindow, other: JobWindow): boolean {
  const gap = TRAVEL_MINUTES * 60_000;
  return (
    Date.parse(one.from) < Date.parse(other.to) + gap && Date.parse(other.from) < Date.parse(one.to) + gap
  );
}

// ---------------------------------------------------------------- evolve

function evolve(agenda: Agenda, { type, data }: AgendaEvent): Agenda {
  switch (type) {
    case 'AgendaReserved':
      return new Map(agenda).set(data.jobId, { from: data.from, to: data.to });
    case 'AgendaReleased':
      return new Map([...agenda].filter(([id]) => id !== data.jobId));
    default:
      return agenda;
  }
}

export const agenda: Aggregate<Agenda, AgendaEvent> = {
  category: 'agenda',
  stream: agendaStream,
  initial: new Map(),
  evolve,
};
