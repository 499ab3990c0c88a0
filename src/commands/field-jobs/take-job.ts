/** First come, first served: a technician takes a job, or is given one (docs/design/field-service.md#taking). */
import { z } from 'zod';
import { jobDayOf } from '../../domain/capacity/capacity-day.ts';
import { type ExistingJob, job, type FieldJob, type JobEvent } from '../../domain/field-jobs/job.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type Caller, covers } from '../../domain/staff/privileges.ts';
import { type User, user } from '../../domain/staff/user.ts';
import { type Division, uuid } from '../../domain/vocabulary.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import { aboutJob, agendaJobOf, type JobDeps, settledAfter } from './job-access.ts';
import { requireJobOf } from './visit-access.ts';

export const noInput = z.strictObject({});
export const assignInput = z.strictObject({ technician_id: uuid });

type Taking = Extract<JobEvent, { type: 'JobTaken' }>['data']['channel'];

/** Who would have it, by whom, and the window that their agenda was reserved for. */
interface Taker {
  readonly technicianId: string;
  readonly channel: Taking;
  readonly window: Pick<ExistingJob, 'windowFrom' | 'windowTo'>;
}

/** @throws Refusal JOB_NOT_FOUND, JOB_CLOSED it was cancelled, JOB_ALREADY_TAKEN by somebody else */
export function requireFree(
  state: FieldJob,
  technicianId: string,
  caller: Pick<Caller, 'role' | 'division'>,
): { readonly known: ExistingJob; readonly isTheirs: boolean } {
  if (state.status === 'absent' || !covers(caller, state.division)) throw new Refusal('JOB_NOT_FOUND');
  if (state.status === 'cancelled') throw new Refusal('JOB_CLOSED');
  const isTheirs = state.technicianId === technicianId;
  if (state.status !== 'open' && !isTheirs) throw new Refusal('JOB_ALREADY_TAKEN');
  return { known: state, isTheirs };
}

/**
 * Of many who try at once exactly one gets it. Who has it already makes no event.
 * @throws Refusal JOB_NOT_FOUND, JOB_CLOSED, JOB_ALREADY_TAKEN, BUSY the job was moved to another time meanwhile
 */
export function decideTakeJob(
  state: FieldJob,
  { technicianId, channel, window }: Taker,
  caller: Pick<Caller, 'id' | 'role' | 'division'>,
): JobEvent[] {
  const { known, isTheirs } = requireFree(state, technicianId, caller);
  if (isTheirs) return [];
  if (known.windowFrom !== window.windowFrom || known.windowTo !== window.windowTo) throw new Refusal('BUSY');
  return [{ type: 'JobTaken', data: { ...aboutJob(known), technicianId, by: caller.id, channel } }];
}

/** @throws Refusal USER_NOT_FOUND no technician of this division, AGENT_INACTIVE */
export function requireTechnician(person: User, division: Division): void {
  if (person.status === 'absent' || person.role !== 'technician' || person.division !== division)
    throw new Refusal('USER_NOT_FOUND');
  if (person.status === 'inactive') throw new Refusal('AGENT_INACTIVE');
}

/** The technician's time first, then the job; who was slower has the time back. */
async function takeFor(
  deps: JobDeps,
  ctx: CommandContext,
  jobId: string,
  technicianId: string,
  channel: Taking,
) {
  const { handler, clock, capacity } = deps;
  const eventContext = eventContextOf(ctx, clock);
  const { known } = requireFree(await handler.load(job, jobId), technicianId, ctx.caller);
  const { division } = known;
  const agendas = [{ technicianId, day: jobDayOf(known.windowFrom) }];
  const { position } = await settledAfter(
    deps,
    eventContext,
    { jobId, division, days: [], agendas },
    async () => {
      await capacity.reserveAgenda(eventContext, technicianId, agendaJobOf(known));
      return handler.executeCommand(job, jobId, eventContext, (state) =>
        decideTakeJob(state, { technicianId, channel, window: known }, ctx.caller),
      );
    },
  );
  return { job_id: jobId, position };
}

/**
 * @throws Refusal JOB_NOT_FOUND, JOB_ALREADY_TAKEN, JOB_CLOSED, AGENDA_FULL, OVERLAP, ON_LEAVE, SKILL_MISSING, BUSY;
 * StoreUnavailable
 */
export const takeJob =
  (deps: JobDeps) =>
  (ctx: CommandContext, jobId: string, channel: 'web' | 'telegram' = 'web') =>
    takeFor(deps, ctx, jobId, ctx.caller.id, channel);

/** @throws as `takeJob`, and USER_NOT_FOUND, AGENT_INACTIVE */
export const assignJob =
  (deps: JobDeps) =>
  async (ctx: CommandContext, jobId: string, { technician_id }: z.infer<typeof assignInput>) => {
    const { division } = requireJobOf(await deps.handler.load(job, jobId), ctx.caller);
    requireTechnician(await deps.handler.load(user, technician_id), division);
    return takeFor(deps, ctx, jobId, technician_id, 'assigned');
  };
