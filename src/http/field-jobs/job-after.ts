/** What every route on a job shares: which job, and what a command answers besides. */
import { uuid } from '../../domain/vocabulary.ts';
import { covers, ownDivisionOf } from '../../domain/staff/privileges.ts';
import type { StaffMember } from '../../domain/staff/member.ts';
import { type Position, StoreUnavailable } from '../../ports.ts';
import { jobFor } from '../../projections/field-jobs/job-object.ts';
import { findJob } from '../../projections/field-jobs/jobs.ts';
import { type ErrorCode, HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { scopeOf } from '../tickets/ticket-scope.ts';

export const FIELD_TAG = 'Field service';
export const EXAMPLE_JOB = '019a9d1e-7c00-7000-8000-0000000000a1';

export const jobParams = { id: uuid.meta({ example: EXAMPLE_JOB }) };

/** Codes of every command on a job by the office. */
export const ON_JOB: readonly ErrorCode[] = ['JOB_NOT_FOUND', 'DIVISION_FORBIDDEN', 'BUSY'];

/** Codes of an agenda that has no room. */
export const ON_AGENDA: readonly ErrorCode[] = ['AGENDA_FULL', 'OVERLAP', 'ON_LEAVE', 'SKILL_MISSING'];

type Seen = ReturnType<typeof jobFor>;

/**
 * @param View the one that the route promises; another one is not shown
 * @returns null: it is not (yet) to be seen so
 */
export async function jobAsSeen<View extends NonNullable<Seen>['view']>(
  context: HttpContext,
  caller: StaffMember,
  jobId: string,
  views: readonly View[],
): Promise<Extract<Seen, { view: View }> | null> {
  const found = await findJob(context.read, scopeOf(caller), jobId);
  const seen = found && jobFor(caller, found);
  return seen !== null && (views as readonly string[]).includes(seen.view)
    ? (seen as Extract<Seen, { view: View }>)
    : null;
}

/**
 * The answer of a command on a job: the job as the read tables show it once they hold the command, or after a second, then with
 * `meta.stale`.
 */
export async function withJob<View extends NonNullable<Seen>['view']>(
  context: HttpContext,
  caller: StaffMember,
  { job_id, position }: { readonly job_id: string; readonly position: Position },
  ...views: readonly View[]
) {
  const { readYourWrites } = context;
  const [, { stale }] = await Promise.all([
    readYourWrites.wrote(caller.id, position),
    readYourWrites.ready(caller.id),
  ]);
  try {
    const job = await jobAsSeen(context, caller, job_id, views);
    return { data: { job_id, job }, ...(stale && { meta: { stale: true } }) };
  } catch (error) {
    // The command was done: whatever a read says afterwards, the answer is no refusal.
    if (!(error instanceof StoreUnavailable)) throw error;
    return { data: { job_id, job: null }, meta: { stale: true } };
  }
}

/** The one division whose pool a caller looks into. @throws HttpError DIVISION_FORBIDDEN */
export function poolDivisionOf(caller: StaffMember) {
  const division = ownDivisionOf(caller);
  if (division === undefined || !covers(caller, division)) throw new HttpError('DIVISION_FORBIDDEN');
  return division;
}
