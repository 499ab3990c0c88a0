/** A dispatcher cancels a job: its place and its technician are free again, once (docs/design/field-service.md#life-of-a-job). */
import { z } from 'zod';
import { jobDayOf } from '../../domain/capacity/capacity-day.ts';
import { job, type FieldJob, type JobEvent } from '../../domain/field-jobs/job.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import { aboutJob, type JobDeps, reason, settleReservations } from './job-access.ts';
import { requireJobOf } from './visit-access.ts';

export const input = z.strictObject({ reason });

/** Cancelling again makes no event. @throws Refusal JOB_NOT_FOUND, JOB_CLOSED the work is done */
export function decideCancelJob(
  state: FieldJob,
  because: string,
  caller: Pick<Caller, 'role' | 'division'>,
): JobEvent[] {
  const known = requireJobOf(state, caller);
  if (known.status === 'cancelled') return [];
  if (known.status === 'done' || known.status === 'completed') throw new Refusal('JOB_CLOSED');
  const { technicianId } = known;
  return [{ type: 'JobCancelled', data: { ...aboutJob(known), technicianId, reason: because } }];
}

/** @throws Refusal JOB_NOT_FOUND, JOB_CLOSED, BUSY; StoreUnavailable */
export const cancelJob =
  (deps: JobDeps) =>
  async (ctx: CommandContext, jobId: string, { reason: because }: z.infer<typeof input>) => {
    const eventContext = eventContextOf(ctx, deps.clock);
    const { events, state, position } = await deps.handler.executeCommand(job, jobId, eventContext, (known) =>
      decideCancelJob(known, because, ctx.caller),
    );
    if (state.status !== 'absent') {
      const day = jobDayOf(state.windowFrom);
      const had = events.flatMap(({ type, data }) =>
        type === 'JobCancelled' && data.technicianId !== null
          ? [{ technicianId: data.technicianId, day }]
          : [],
      );
      const { division } = state;
      await settleReservations(deps, eventContext, { jobId, division, days: [day], agendas: had });
    }
    return { job_id: jobId, position };
  };
