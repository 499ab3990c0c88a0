/** What the commands on a job share: it exists, this person may see it, and how far it is. */
import { z } from 'zod';
import { jobDayOf } from '../../domain/capacity/capacity-day.ts';
import { type ExistingJob, isOver, job } from '../../domain/field-jobs/job.ts';
import { because } from '../../domain/problems.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { showsSomething } from '../../domain/words.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import type { BlindIndex, Clock, Ids } from '../../ports.ts';
import type { agendas } from '../capacity/reserve-agenda.ts';
import type { slots } from '../capacity/reserve-slot.ts';
import type { Services } from '../../domain/field-jobs/services.ts';

export type Reservations = ReturnType<typeof slots> & ReturnType<typeof agendas>;

export interface JobDeps {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly blindIndex: BlindIndex;
  readonly capacity: Reservations;
  readonly services: Services;
}

export const reason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine(showsSomething, because('REQUIRED', 'Wajib diisi'))
  .meta({ example: 'Pelanggan minta diundur' });

/** Nobody is there yet. @throws Refusal ALREADY_ARRIVED, JOB_CLOSED */
export function requireBeforeArrival(known: ExistingJob): ExistingJob {
  if (known.status === 'in_progress') throw new Refusal('ALREADY_ARRIVED');
  if (known.status === 'done' || isOver(known)) throw new Refusal('JOB_CLOSED');
  return known;
}

export type AssignedJob = ExistingJob & { readonly technicianId: string };

/** Somebody has it, and is not there yet. @throws Refusal JOB_NOT_ASSIGNED, ALREADY_ARRIVED, JOB_CLOSED */
export function requireAssigned(known: ExistingJob): AssignedJob {
  const { technicianId } = requireBeforeArrival(known);
  if (technicianId === null) throw new Refusal('JOB_NOT_ASSIGNED');
  return { ...known, technicianId };
}

/** What every event of a job names. */
export const aboutJob = ({ id: jobId, division, customerId }: ExistingJob) => ({
  jobId,
  division,
  customerId,
});

/** As the agenda takes it. */
export const agendaJobOf = ({ id, kind, windowFrom: from, windowTo: to }: ExistingJob) => ({
  id,
  kind,
  from,
  to,
});

/** What an act may have reserved, or made needless. Days 'YYYY-MM-DD'. */
export interface TouchedReservations {
  readonly jobId: string;
  readonly division: Division;
  readonly days: readonly string[];
  readonly agendas: readonly { readonly technicianId: string; readonly day: string }[];
}

/**
 * Makes places and agendas what the job's stream says, after an act that was done or refused. May be done any number of times.
 * @throws Refusal BUSY; StoreUnavailable
 */
export async function settleReservations(
  { handler, capacity }: Pick<JobDeps, 'handler' | 'capacity'>,
  ctx: EventContext,
  { jobId, division, days, agendas: touched }: TouchedReservations,
): Promise<void> {
  const state = await handler.load(job, jobId);
  const holds = state.status === 'absent' || state.status === 'cancelled' ? null : state;
  const its = holds && jobDayOf(holds.windowFrom);
  for (const day of new Set(days))
    await (day === its
      ? capacity.restoreSlot(ctx, division, day, jobId)
      : capacity.releaseSlot(ctx, division, day, jobId));
  for (const { technicianId, day } of touched)
    await (holds?.technicianId === technicianId && day === its
      ? capacity.restoreAgenda(ctx, technicianId, agendaJobOf(holds))
      : capacity.releaseAgenda(ctx, technicianId, day, jobId));
}

/** Does `act`; what it reserved is settled whether it was done or refused. */
export async function settledAfter<T>(
  deps: Pick<JobDeps, 'handler' | 'capacity'>,
  ctx: EventContext,
  touched: TouchedReservations,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } finally {
    await settleReservations(deps, ctx, touched);
  }
}
