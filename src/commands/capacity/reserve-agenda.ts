/**
 * Gives a job the time of a technician, and takes it back (docs/design/field-service.md#agenda). The time is reserved before
 * the job is theirs; what nobody finished, `src/jobs/capacity` finishes or releases.
 */
import {
  agenda,
  type Agenda,
  type AgendaEvent,
  agendaId,
  type JobWindow,
  overlaps,
} from '../../domain/capacity/agenda.ts';
import { dayAfter, jobDayOf } from '../../domain/capacity/capacity-day.ts';
import { hasSkill, isOnLeave, type Technician, technician } from '../../domain/capacity/technician.ts';
import { Refusal, type RefusalCode } from '../../domain/refusals.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import { withoutKey } from './reserve-slot.ts';

export interface PlannedJob extends JobWindow {
  readonly id: string;
  /** Of its service; null: it needs none. */
  readonly skill: string | null;
}

/** What binds a technician beside the day itself: who they are, and what they have the day before and after. */
export interface AgendaLimits {
  readonly technician: Technician;
  readonly neighbours: readonly JobWindow[];
}

/**
 * A job that has this time keeps it; another window of the same job replaces it.
 * @param limits null: the job is theirs already, so there is no question of time
 * @throws Refusal ON_LEAVE, SKILL_MISSING, AGENDA_FULL, OVERLAP the way to the next customer counts
 */
export function decideReserveAgenda(
  state: Agenda,
  technicianId: string,
  { id: jobId, from, to, skill }: PlannedJob,
  limits: AgendaLimits | null,
): AgendaEvent[] {
  const day = jobDayOf(from);
  const known = state.get(jobId);
  if (known?.from === from && known.to === to) return [];
  if (limits !== null) {
    const others = [...state].filter(([id]) => id !== jobId).map(([, window]) => window);
    if (isOnLeave(limits.technician, day)) throw new Refusal('ON_LEAVE');
    if (!hasSkill(limits.technician, skill)) throw new Refusal('SKILL_MISSING');
    if (others.length >= limits.technician.maxJobsPerDay) throw new Refusal('AGENDA_FULL');
    if ([...others, ...limits.neighbours].some((window) => overlaps(window, { from, to })))
      throw new Refusal('OVERLAP');
  }
  return [{ type: 'AgendaReserved', data: { technicianId, day, jobId, from, to } }];
}

/** Time is given back once. */
export const decideReleaseAgenda = (
  state: Agenda,
  technicianId: string,
  day: string,
  jobId: string,
): AgendaEvent[] =>
  state.has(jobId) ? [{ type: 'AgendaReleased', data: { technicianId, day, jobId } }] : [];

/** Every function throws StoreUnavailable, and Refusal BUSY. */
export function agendas({
  handler,
  skillOf,
}: {
  handler: CommandHandler;
  /** The skill that a kind of job needs; null: none. */
  skillOf: (kind: string) => string | null;
}) {
  type Job = JobWindow & { readonly id: string; readonly kind: string };

  async function limitsOf(technicianId: string, job: Job): Promise<AgendaLimits> {
    const day = jobDayOf(job.from);
    const around = await Promise.all(
      [-1, 1].map((by) => handler.load(agenda, agendaId(technicianId, dayAfter(day, by)))),
    );
    return {
      technician: await handler.load(technician, technicianId),
      neighbours: around.flatMap((other) => [...other].flatMap(([id, w]) => (id === job.id ? [] : [w]))),
    };
  }

  const reserve = async (
    ctx: EventContext,
    technicianId: string,
    job: Job,
    limits: AgendaLimits | null,
  ): Promise<void> => {
    const planned = { ...job, skill: skillOf(job.kind) };
    await handler.executeCommand(
      agenda,
      agendaId(technicianId, jobDayOf(job.from)),
      withoutKey(ctx),
      (state) => decideReserveAgenda(state, technicianId, planned, limits),
    );
  };

  return {
    /** @throws Refusal ON_LEAVE, SKILL_MISSING, AGENDA_FULL, OVERLAP */
    reserveAgenda: async (ctx: EventContext, technicianId: string, job: Job): Promise<void> =>
      reserve(ctx, technicianId, job, await limitsOf(technicianId, job)),
    /** @returns why this job does not fit into their day; null: it does. Nothing is reserved */
    async whyNot(technicianId: string, job: Job): Promise<RefusalCode | null> {
      const limits = await limitsOf(technicianId, job);
      const day = await handler.load(agenda, agendaId(technicianId, jobDayOf(job.from)));
      try {
        decideReserveAgenda(day, technicianId, { ...job, skill: skillOf(job.kind) }, limits);
        return null;
      } catch (error) {
        if (error instanceof Refusal) return error.code;
        throw error;
      }
    },
    /** @param day of the window for which it was reserved */
    async releaseAgenda(ctx: EventContext, technicianId: string, day: string, jobId: string): Promise<void> {
      await handler.executeCommand(agenda, agendaId(technicianId, day), withoutKey(ctx), (state) =>
        decideReleaseAgenda(state, technicianId, day, jobId),
      );
    },
    /** For a job that is theirs and has lost its time: there is no question of it. */
    restoreAgenda: (ctx: EventContext, technicianId: string, job: Job): Promise<void> =>
      reserve(ctx, technicianId, job, null),
  };
}
