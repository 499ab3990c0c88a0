/** What a technician can do, how much a day, and when they are away (docs/design/field-service.md#technicians). */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';

// ---------------------------------------------------------------- stream name

export const technicianStream = (technicianId: string): string => `technician-${technicianId}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const about = { technicianId: z.uuid() };

export const TechnicianSet = defineEvent('TechnicianSet', {
  ...about,
  /** As the services name them; null: every one. */
  skills: z.array(z.string()).nullable(),
  maxJobsPerDay: z.int().min(0),
});
/** Both days within. Replaces the leave that was known before. */
export const TechnicianLeaveSet = defineEvent('TechnicianLeaveSet', {
  ...about,
  from: z.iso.date(),
  to: z.iso.date(),
});
export const TechnicianLeaveCancelled = defineEvent('TechnicianLeaveCancelled', about);

export const technicianEvents = [TechnicianSet, TechnicianLeaveSet, TechnicianLeaveCancelled] as const;
export type TechnicianEvent = EventOf<(typeof technicianEvents)[number]>;

// ---------------------------------------------------------------- state

export interface Technician {
  /** null: nobody said, so every one. */
  readonly skills: readonly string[] | null;
  readonly maxJobsPerDay: number;
  /** Days 'YYYY-MM-DD', both within. */
  readonly leave: { readonly from: string; readonly to: string } | null;
}

/** Until somebody says how many. */
export const MAX_JOBS_PER_DAY = 4;

export const isOnLeave = ({ leave }: Pick<Technician, 'leave'>, day: string): boolean =>
  leave !== null && leave.from <= day && day <= leave.to;

/** @param skill of the service; null: it needs none */
export const hasSkill = ({ skills }: Pick<Technician, 'skills'>, skill: string | null): boolean =>
  skill === null || skills === null || skills.includes(skill);

// ---------------------------------------------------------------- evolve

function evolve(technician: Technician, { type, data }: TechnicianEvent): Technician {
  switch (type) {
    case 'TechnicianSet':
      return { ...technician, skills: data.skills, maxJobsPerDay: data.maxJobsPerDay };
    case 'TechnicianLeaveSet':
      return { ...technician, leave: { from: data.from, to: data.to } };
    case 'TechnicianLeaveCancelled':
      return { ...technician, leave: null };
    default:
      return technician;
  }
}

export const technician: Aggregate<Technician, TechnicianEvent> = {
  category: 'technician',
  stream: technicianStream,
  initial: { skills: null, maxJobsPerDay: MAX_JOBS_PER_DAY, leave: null },
  evolve,
};
