/** Another technician instead of the one who does not come, or the pool (docs/design/field-service.md#emergency). */
import { z } from 'zod';
import { jobDayOf } from '../../domain/capacity/capacity-day.ts';
import { job, type FieldJob, type JobEvent } from '../../domain/field-jobs/job.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { user } from '../../domain/staff/user.ts';
import { uuid } from '../../domain/vocabulary.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import {
  aboutJob,
  agendaJobOf,
  type AssignedJob,
  type JobDeps,
  reason,
  requireAssigned,
  settledAfter,
} from './job-access.ts';
import { requireJobOf } from './visit-access.ts';
import { requireTechnician } from './take-job.ts';

export const input = z.strictObject({
  to: uuid.nullable().meta({ description: 'A technician; null: back into the pool.' }),
  expected_technician_id: uuid
    .optional()
    .meta({ description: 'Who had it when the caller looked; refused when it is somebody else now.' }),
  reason,
});
export type ReplaceInput = z.infer<typeof input>;

/**
 * By the one who has it already makes no event.
 * @param seen the job when the new technician's time was reserved
 * @throws Refusal JOB_NOT_FOUND, JOB_NOT_ASSIGNED, ALREADY_ARRIVED, JOB_CLOSED, ASSIGNEE_CHANGED, BUSY
 */
export function decideReplaceTechnician(
  state: FieldJob,
  { to, reason: why, expected_technician_id: expected }: ReplaceInput,
  caller: Pick<Caller, 'role' | 'division'>,
  seen: Pick<AssignedJob, 'technicianId' | 'windowFrom' | 'windowTo'>,
): JobEvent[] {
  const known = requireAssigned(requireJobOf(state, caller));
  const { technicianId: from } = known;
  if (from === to) return [];
  if (from !== (expected ?? seen.technicianId)) throw new Refusal('ASSIGNEE_CHANGED');
  if (known.windowFrom !== seen.windowFrom || known.windowTo !== seen.windowTo) throw new Refusal('BUSY');
  return [{ type: 'TechnicianReplaced', data: { ...aboutJob(known), from, to, reason: why } }];
}

/**
 * @throws Refusal as `decideReplaceTechnician`, and USER_NOT_FOUND, AGENT_INACTIVE, AGENDA_FULL, OVERLAP, ON_LEAVE,
 * SKILL_MISSING; StoreUnavailable
 */
export const replaceTechnician =
  (deps: JobDeps) => async (ctx: CommandContext, jobId: string, wish: ReplaceInput) => {
    const { handler, clock, capacity } = deps;
    const eventContext = eventContextOf(ctx, clock);
    const { to } = wish;
    const seen = requireAssigned(requireJobOf(await handler.load(job, jobId), ctx.caller));
    const { division } = seen;
    if (to !== null) requireTechnician(await handler.load(user, to), division);
    const day = jobDayOf(seen.windowFrom);
    const agendas = [seen.technicianId, ...(to === null ? [] : [to])].map((technicianId) => ({
      technicianId,
      day,
    }));
    const { position } = await settledAfter(
      deps,
      eventContext,
      { jobId, division, days: [], agendas },
      async () => {
        if (to !== null && to !== seen.technicianId)
          await capacity.reserveAgenda(eventContext, to, agendaJobOf(seen));
        return handler.executeCommand(job, jobId, eventContext, (state) =>
          decideReplaceTechnician(state, wish, ctx.caller, seen),
        );
      },
    );
    return { job_id: jobId, position };
  };
