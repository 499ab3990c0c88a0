/** A dispatcher moves a job to another time (docs/design/field-service.md#life-of-a-job). */
import { z } from 'zod';
import { jobDayOf } from '../../domain/capacity/capacity-day.ts';
import { job, type FieldJob, type JobEvent } from '../../domain/field-jobs/job.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import {
  aboutJob,
  agendaJobOf,
  type JobDeps,
  reason,
  requireBeforeArrival,
  settledAfter,
} from './job-access.ts';
import { requireJobOf } from './visit-access.ts';
import { requireFuture, type WindowInput, windowInput } from './open-job.ts';

export const input = z.strictObject({ window: windowInput, reason: reason.nullable().optional() });

/**
 * Who has it keeps it. The same window makes no event.
 * @param reservedFor the technician whose time was reserved for it
 * @throws Refusal JOB_NOT_FOUND, ALREADY_ARRIVED, JOB_CLOSED, ASSIGNEE_CHANGED
 */
export function decideRescheduleJob(
  state: FieldJob,
  window: WindowInput,
  because: string | null,
  caller: Pick<Caller, 'role' | 'division'>,
  reservedFor: string | null,
): JobEvent[] {
  const known = requireBeforeArrival(requireJobOf(state, caller));
  const { technicianId } = known;
  if (known.windowFrom === window.from && known.windowTo === window.to) return [];
  if (technicianId !== reservedFor) throw new Refusal('ASSIGNEE_CHANGED');
  return [
    {
      type: 'JobRescheduled',
      data: {
        ...aboutJob(known),
        technicianId,
        windowFrom: window.from,
        windowTo: window.to,
        reason: because,
      },
    },
  ];
}

/**
 * The new place and the technician's new time first, what they had before last.
 * @throws Refusal JOB_NOT_FOUND, WINDOW_PAST, NO_CAPACITY, AGENDA_FULL, OVERLAP, ON_LEAVE, ALREADY_ARRIVED, JOB_CLOSED,
 * ASSIGNEE_CHANGED, BUSY; StoreUnavailable
 */
export const rescheduleJob =
  (deps: JobDeps) =>
  async (ctx: CommandContext, jobId: string, { window, reason: because }: z.infer<typeof input>) => {
    const { handler, clock, capacity } = deps;
    const eventContext = eventContextOf(ctx, clock);
    const known = requireBeforeArrival(requireJobOf(await handler.load(job, jobId), ctx.caller));
    const { division, technicianId } = known;
    const [before, after] = [jobDayOf(known.windowFrom), jobDayOf(window.from)];
    const moves = known.windowFrom !== window.from || known.windowTo !== window.to;
    if (moves) requireFuture(window, clock.now());
    const days = [before, after];
    const agendas = technicianId === null ? [] : [...new Set(days)].map((day) => ({ technicianId, day }));
    const { position } = await settledAfter(
      deps,
      eventContext,
      { jobId, division, days, agendas },
      async () => {
        if (moves) {
          await capacity.reserveSlot(eventContext, division, after, jobId);
          if (technicianId !== null)
            await capacity.reserveAgenda(eventContext, technicianId, { ...agendaJobOf(known), ...window });
        }
        return handler.executeCommand(job, jobId, eventContext, (state) =>
          decideRescheduleJob(state, window, because ?? null, ctx.caller, technicianId),
        );
      },
    );
    return { job_id: jobId, position };
  };
