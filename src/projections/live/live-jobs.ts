/**
 * What the live stream sends of jobs: as `projections/field-jobs/job-object.ts` shows them to each kind of reader
 * (docs/design/field-service.md#who-sees-what).
 */
import type { Recorded } from '../../domain/codec.ts';
import { jobEvents } from '../../domain/field-jobs/job.ts';
import { NOBODY, type Position, type ReadStore } from '../../ports.ts';
import { ownJob, poolJob, wholeJob } from '../field-jobs/job-object.ts';
import { jobsByIds } from '../field-jobs/jobs.ts';
import type { Rendered } from './rendered.ts';

const TYPES: ReadonlySet<string> = new Set(jobEvents.map(({ type }) => type));
/** What a pool shows: what comes into it, and what leaves it. */
const SEEN_IN_POOL: ReadonlySet<string> = new Set([
  'JobOpened',
  'JobRescheduled',
  'JobCancelled',
  'JobTaken',
  'JobGivenBack',
  'TechnicianReplaced',
]);

interface TouchedJob {
  position: Position;
  inPool: Position | null;
}

/** A job that leaves somebody is shown to them as the pool shows it: it is theirs no more. */
export async function liveJobs(read: ReadStore, events: readonly Recorded[]): Promise<readonly Rendered[]> {
  const touched = new Map<string, TouchedJob>();
  for (const { type, data, position } of events) {
    if (!TYPES.has(type) || !('jobId' in data)) continue;
    const before = touched.get(data.jobId);
    touched.set(data.jobId, {
      position,
      inPool: SEEN_IN_POOL.has(type) ? position : (before?.inPool ?? null),
    });
  }
  if (touched.size === 0) return [];
  const found = await read.scoped({ kind: 'all', userId: NOBODY }, (on) =>
    jobsByIds(on, [...touched.keys()]),
  );
  return found.flatMap((job): Rendered[] => {
    const { id, division, technicianId } = job.row.state;
    const { position = '', inPool = null } = touched.get(id) ?? {};
    const shared = { event: 'job' as const, position };
    return [
      {
        ...shared,
        audience: { kind: 'job', division },
        data: JSON.stringify(wholeJob(job)),
        of: `job ${id}`,
      },
      ...(inPool === null
        ? []
        : [
            {
              ...shared,
              audience: { kind: 'pool' as const, division },
              data: JSON.stringify(poolJob(job)),
              of: `pool ${id}`,
            },
          ]),
      ...(technicianId === null
        ? []
        : [
            {
              ...shared,
              audience: { kind: 'own_job' as const, userId: technicianId, division },
              data: JSON.stringify(ownJob(job)),
              of: `own ${id} ${technicianId}`,
            },
          ]),
    ];
  });
}
