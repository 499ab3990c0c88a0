/** A job goes back into the pool: its technician cannot come, or works here no more (docs/design/field-service.md#taking). */
import { z } from 'zod';
import { jobDayOf } from '../../domain/capacity/capacity-day.ts';
import { job, type FieldJob, type JobEvent } from '../../domain/field-jobs/job.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import type { EventContext } from '../../engine/commands/command-handler.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import { requireOwnVisit } from './visit-access.ts';
import { aboutJob, type JobDeps, reason, requireAssigned, settledAfter } from './job-access.ts';

export const input = z.strictObject({ reason });

/** @throws Refusal JOB_NOT_FOUND, JOB_NOT_ASSIGNED, NOT_YOUR_JOB, ALREADY_ARRIVED, JOB_CLOSED */
export function decideGiveBack(
  state: FieldJob,
  why: string,
  caller: Pick<Caller, 'id' | 'role' | 'division'>,
): JobEvent[] {
  const known = requireAssigned(requireOwnVisit(state, caller));
  const { technicianId } = known;
  return [
    {
      type: 'JobGivenBack',
      data: { ...aboutJob(known), technicianId, because: 'technician', reason: why },
    },
  ];
}

/** What somebody has who works here no more and is not there yet. Of anybody else it makes no event. */
export function decideTakeBack(state: FieldJob, technicianId: string): JobEvent[] {
  if (state.status !== 'assigned' || state.technicianId !== technicianId) return [];
  return [
    {
      type: 'JobGivenBack',
      data: { ...aboutJob(state), technicianId, because: 'deactivated', reason: null },
    },
  ];
}

async function freed(
  deps: JobDeps,
  eventContext: EventContext,
  jobId: string,
  technicianId: string,
  decide: (state: FieldJob) => JobEvent[],
) {
  const known = await deps.handler.load(job, jobId);
  const execute = () => deps.handler.executeCommand(job, jobId, eventContext, decide);
  const { position } =
    known.status === 'absent'
      ? await execute()
      : await settledAfter(
          deps,
          eventContext,
          {
            jobId,
            division: known.division,
            days: [],
            agendas: [{ technicianId, day: jobDayOf(known.windowFrom) }],
          },
          execute,
        );
  return { job_id: jobId, position };
}

/** @throws Refusal as `decideGiveBack`, BUSY; StoreUnavailable */
export const giveBack =
  (deps: JobDeps) =>
  (ctx: CommandContext, jobId: string, { reason: why }: z.infer<typeof input>) =>
    freed(deps, eventContextOf(ctx, deps.clock), jobId, ctx.caller.id, (state) =>
      decideGiveBack(state, why, ctx.caller),
    );

/** By the program. @throws Refusal BUSY; StoreUnavailable */
export const takeBack = (deps: JobDeps) => (ctx: EventContext, jobId: string, technicianId: string) =>
  freed(deps, ctx, jobId, technicianId, (state) => decideTakeBack(state, technicianId));
