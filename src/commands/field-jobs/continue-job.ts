/** The technician comes later, and stays on the job (docs/design/field-service.md#emergency). */
import { z } from 'zod';
import { job, type FieldJob, type JobEvent } from '../../domain/field-jobs/job.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import { aboutJob, type JobDeps, reason, requireAssigned } from './job-access.ts';
import { requireJobOf } from './visit-access.ts';

export const input = z.strictObject({
  minutes: z
    .int()
    .min(5)
    .max(720)
    .meta({ description: 'From now, or from the begin of the window.', example: 45 }),
  reason,
});

/** @param now ISO 8601 @throws Refusal JOB_NOT_FOUND, JOB_NOT_ASSIGNED, ALREADY_ARRIVED, JOB_CLOSED */
export function decideContinueJob(
  state: FieldJob,
  { minutes, reason: why }: z.infer<typeof input>,
  caller: Pick<Caller, 'role' | 'division'>,
  now: string,
): JobEvent[] {
  const known = requireAssigned(requireJobOf(state, caller));
  const begin = Math.max(Date.parse(now), Date.parse(known.windowFrom));
  const until = new Date(begin + minutes * 60_000).toISOString();
  const { technicianId } = known;
  return [
    { type: 'ArrivalExtended', data: { ...aboutJob(known), technicianId, minutes, until, reason: why } },
  ];
}

/** @throws Refusal as `decideContinueJob`, BUSY; StoreUnavailable */
export const continueJob =
  ({ handler, clock }: JobDeps) =>
  async (ctx: CommandContext, jobId: string, wish: z.infer<typeof input>) => {
    const eventContext = eventContextOf(ctx, clock);
    const { position } = await handler.executeCommand(job, jobId, eventContext, (state) =>
      decideContinueJob(state, wish, ctx.caller, eventContext.at),
    );
    return { job_id: jobId, position };
  };
