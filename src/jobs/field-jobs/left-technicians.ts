/**
 * What a technician had who works here no more, or in another division, goes back into the pool
 * (docs/design/field-service.md#who-left).
 */
import type { Recorded } from '../../domain/codec.ts';
import { user } from '../../domain/staff/user.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import { createReactor, type ReactorDeps } from '../../engine/jobs/reactor.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { ProjectionStatus } from '../../engine/projections/projection-status.ts';
import { type JobCheckpoints, NOBODY, type ReadStore } from '../../ports.ts';
import { jobsAssignedTo } from '../../projections/field-jobs/jobs.ts';

export interface LeftTechniciansDeps extends ReactorDeps {
  readonly handler: Pick<CommandHandler, 'load'>;
  readonly read: ReadStore;
  readonly projectionStatus: Pick<ProjectionStatus, 'waitFor'>;
  readonly checkpoints: JobCheckpoints;
  /** Puts what they have and are not at yet back into the pool. */
  readonly takeBack: (ctx: EventContext, jobId: string, technicianId: string) => Promise<unknown>;
}

const JOB = 'left-technicians';
const PATIENCE_MS = 5_000;

/** Who was given a job. It may be the last thing that happened before they left. */
function givenTo({ type, data }: Recorded): { readonly technicianId: string; readonly jobId: string } | null {
  if (type === 'JobTaken') return data;
  if (type === 'TechnicianReplaced' && data.to !== null) return { technicianId: data.to, jobId: data.jobId };
  return null;
}

/** Holds the lease `left-technicians`. */
export function createLeftTechnicians(deps: LeftTechniciansDeps): Job {
  const { handler, read, projectionStatus, takeBack } = deps;

  /** Whether they go to customers of that division. */
  async function works(technicianId: string, division: Division): Promise<boolean> {
    const person = await handler.load(user, technicianId);
    return person.status === 'active' && (person.division === division || person.division === 'all');
  }

  const contextOf = ({ id, metadata: { correlationId, requestId, at } }: Recorded): EventContext => ({
    actor: { kind: 'system', process: JOB },
    ...{ correlationId, causationId: id, requestId, at },
  });

  async function handle(event: Recorded): Promise<void> {
    const given = givenTo(event);
    if (given !== null && 'division' in event.data) {
      const { division } = event.data as { readonly division: Division };
      if (!(await works(given.technicianId, division)))
        await takeBack(contextOf(event), given.jobId, given.technicianId);
      return;
    }
    if (event.type !== 'UserDeactivated' && event.type !== 'UserMoved') return;
    const { userId } = event.data;
    // What they took before that must be in the list.
    if (!(await projectionStatus.waitFor(event.position, PATIENCE_MS)))
      throw new Error('the views do not show yet what they have');
    for (const { id, division } of await jobsAssignedTo(read, { kind: 'all', userId: NOBODY }, userId))
      if (!(await works(userId, division))) await takeBack(contextOf(event), id, userId);
  }

  return createReactor(deps, {
    name: JOB,
    streamPrefixes: ['user-', 'job-'],
    position: { checkpoints: deps.checkpoints, firstRun: 'first event', wrongStore: 'start over' },
    start: () => ({ handle }),
  });
}
