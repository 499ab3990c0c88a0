/** What the clock finds: nobody came, and nobody checked out (docs/design/field-service.md#no-show). */
import { type ExistingJob, job, type FieldJob, type JobEvent } from '../../domain/field-jobs/job.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import type { Clock, Ids } from '../../ports.ts';
import { aboutJob } from './job-access.ts';

/** So long after its window a visit that nobody checked out of is forgotten. */
export const FORGOTTEN_MS = 2 * 3_600_000;

/** From when on the technician is missed, in ms; what was promised goes before the limit. @param minutes NO_SHOW_MINUTES */
export const missedFrom = (
  { windowFrom, extendedUntil }: Pick<ExistingJob, 'windowFrom' | 'extendedUntil'>,
  minutes: number,
): number =>
  Math.max(
    Date.parse(windowFrom) + minutes * 60_000,
    extendedUntil === null ? Number.NEGATIVE_INFINITY : Date.parse(extendedUntil),
  );

/** Once for each technician and each promise, decided on the job itself. @param recipients ids of who is told */
export function decideNoShow(
  state: FieldJob,
  now: number,
  minutes: number,
  recipients: readonly string[],
): JobEvent[] {
  if (state.status !== 'assigned' || state.technicianId === null) return [];
  if (state.missedIn === state.episode || now < missedFrom(state, minutes)) return [];
  const { episode, technicianId } = state;
  const data = { ...aboutJob(state), technicianId, episode, recipients: [...recipients] };
  return [{ type: 'NoShowSuspected', data }];
}

/** Once for each job. */
export function decideCheckOutForgotten(
  state: FieldJob,
  now: number,
  recipients: readonly string[],
): JobEvent[] {
  if (state.status !== 'in_progress' || state.technicianId === null || state.checkOutMissed) return [];
  const { technicianId } = state;
  if (now < Date.parse(state.windowTo) + FORGOTTEN_MS) return [];
  const data = { ...aboutJob(state), technicianId, recipients: [...recipients] };
  return [{ type: 'CheckOutForgotten', data }];
}

export type MissedVisits = ReturnType<typeof missedVisits>;

/** The functions throw StoreUnavailable. */
export const missedVisits = ({
  handler,
  clock,
  ids,
}: {
  handler: CommandHandler;
  clock: Clock;
  ids: Ids;
}) => {
  const by = async (
    jobId: string,
    decide: (state: FieldJob, now: number) => JobEvent[],
  ): Promise<boolean> => {
    const id = ids.next();
    const now = clock.now();
    const eventContext: EventContext = {
      actor: { kind: 'system', process: 'no-show' },
      correlationId: id,
      causationId: id,
      requestId: id,
      at: now.toISOString(),
    };
    const { events } = await handler.executeCommand(job, jobId, eventContext, (state) =>
      decide(state, now.getTime()),
    );
    return events.length > 0;
  };
  return {
    /** @returns whether they were told of now */
    noShow: (jobId: string, minutes: number, recipients: readonly string[]) =>
      by(jobId, (state, now) => decideNoShow(state, now, minutes, recipients)),
    checkOut: (jobId: string, recipients: readonly string[]) =>
      by(jobId, (state, now) => decideCheckOutForgotten(state, now, recipients)),
  };
};
