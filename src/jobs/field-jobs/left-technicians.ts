/**
 * What a technician had who works here no more, in another division, or is away on its day, goes back into the pool
 * (docs/design/field-service.md#who-left).
 */
import type { TakenBack } from '../../commands/field-jobs/give-back.ts';
import { technician } from '../../domain/capacity/technician.ts';
import type { Recorded } from '../../domain/codec.ts';
import { user } from '../../domain/staff/user.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import { createReactor, type ReactorDeps } from '../../engine/jobs/reactor.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { ProjectionStatus } from '../../engine/projections/projection-status.ts';
import { type JobCheckpoints, NOBODY, type ReadStore } from '../../ports.ts';
import { jobsAssignedTo } from '../../projections/field-jobs/jobs.ts';
import { listUsers, type StaffTables } from '../../projections/staff/users.ts';
import { plannersOf } from './no-show.ts';

export interface LeftTechniciansDeps extends ReactorDeps {
  readonly handler: Pick<CommandHandler, 'load'>;
  readonly read: ReadStore;
  readonly projectionStatus: Pick<ProjectionStatus, 'waitFor'>;
  readonly checkpoints: JobCheckpoints;
  readonly staff: StaffTables;
  /** Puts what they have and are not at yet back into the pool. */
  readonly takeBack: (
    ctx: EventContext,
    jobId: string,
    technicianId: string,
    why: TakenBack,
  ) => Promise<unknown>;
}

const JOB = 'left-technicians';
const PATIENCE_MS = 5_000;

/** Who was given a job, or has it on another day now. It may be the last thing that happened before they left. */
function givenTo({ type, data }: Recorded): Having | null {
  if (type === 'JobTaken') return data;
  if (type === 'TechnicianReplaced' && data.to !== null) return { ...data, technicianId: data.to };
  if (type === 'JobRescheduled' && data.technicianId !== null)
    return { ...data, technicianId: data.technicianId };
  return null;
}

interface Having {
  readonly technicianId: string;
  readonly jobId: string;
  readonly division: Division;
}

/** Holds the lease `left-technicians`. */
export function createLeftTechnicians(deps: LeftTechniciansDeps): Job {
  const { handler, read, staff, projectionStatus, takeBack } = deps;

  /** Why they do not go to customers of that division; null: they do. */
  async function awayFrom(technicianId: string, division: Division) {
    const person = await handler.load(user, technicianId);
    if (person.status !== 'active' || (person.division !== division && person.division !== 'all'))
      return { because: 'deactivated' } as const;
    const { leave } = await handler.load(technician, technicianId);
    return leave && ({ because: 'on_leave', leave } as const);
  }

  const contextOf = ({ id, metadata: { correlationId, requestId, at } }: Recorded): EventContext => ({
    actor: { kind: 'system', process: JOB },
    ...{ correlationId, causationId: id, requestId, at },
  });

  /** The job decides whether it is one of those that they do not come to. */
  async function look(event: Recorded, { technicianId, jobId, division }: Having): Promise<void> {
    const away = await awayFrom(technicianId, division);
    if (away === null) return;
    const recipients = plannersOf(await listUsers(staff), division);
    await takeBack(contextOf(event), jobId, technicianId, { ...away, recipients });
  }

  async function handle(event: Recorded): Promise<void> {
    const given = givenTo(event);
    if (given !== null) return look(event, given);
    const technicianId = whoLeft(event);
    if (technicianId === null) return;
    // What they took before that must be in the list.
    if (!(await projectionStatus.waitFor(event.position, PATIENCE_MS)))
      throw new Error('the views do not show yet what they have');
    for (const { id, division } of await jobsAssignedTo(read, { kind: 'all', userId: NOBODY }, technicianId))
      await look(event, { technicianId, jobId: id, division });
  }

  return createReactor(deps, {
    name: JOB,
    streamPrefixes: ['user-', 'technician-', 'job-'],
    position: { checkpoints: deps.checkpoints, firstRun: 'first event', wrongStore: 'start over' },
    start: () => ({ handle }),
  });
}

function whoLeft({ type, data }: Recorded): string | null {
  if (type === 'UserDeactivated' || type === 'UserMoved') return data.userId;
  return type === 'TechnicianLeaveSet' ? data.technicianId : null;
}
