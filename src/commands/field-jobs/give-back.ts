/** A job goes back into the pool: its technician cannot come, is away, or works here no more (docs/design/field-service.md#taking). */
import { z } from 'zod';
import { jobDayOf } from '../../domain/capacity/capacity-day.ts';
import { isOnLeave, type Technician } from '../../domain/capacity/technician.ts';
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
      data: { ...aboutJob(known), technicianId, because: 'technician', reason: why, recipients: [] },
    },
  ];
}

/** Why a job is taken back from somebody, and who is told of it. */
export type TakenBack = { readonly recipients: readonly string[] } & (
  | { readonly because: 'deactivated' }
  | { readonly because: 'on_leave'; readonly leave: NonNullable<Technician['leave']> }
);

/**
 * What somebody has who is not there yet, and works here no more or is away on its day. Of anybody else it makes no event, nor of
 * a visit that is over by its window.
 * @param now ISO 8601
 */
export function decideTakeBack(
  state: FieldJob,
  technicianId: string,
  why: TakenBack,
  now: string,
): JobEvent[] {
  if (state.status !== 'assigned' || state.technicianId !== technicianId) return [];
  const { because, recipients } = why;
  if (because === 'on_leave' && (state.windowTo <= now || !isOnLeave(why, jobDayOf(state.windowFrom))))
    return [];
  const data = { ...aboutJob(state), technicianId, because, reason: null, recipients: [...recipients] };
  return [{ type: 'JobGivenBack', data }];
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
export const takeBack =
  (deps: JobDeps) => (ctx: EventContext, jobId: string, technicianId: string, why: TakenBack) =>
    freed(deps, ctx, jobId, technicianId, (state) => decideTakeBack(state, technicianId, why, ctx.at));
