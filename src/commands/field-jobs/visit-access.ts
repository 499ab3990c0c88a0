/** Whose a visit is, before anything is recorded of it (docs/design/field-service.md#visits). */
import { problem } from '../../domain/problems.ts';
import { type ExistingJob, isOver, type FieldJob } from '../../domain/field-jobs/job.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type Caller, covers } from '../../domain/staff/privileges.ts';

/**
 * The job as a technician may speak of it: theirs, and not over.
 * @throws Refusal JOB_NOT_FOUND also of another division, JOB_CLOSED, JOB_NOT_ASSIGNED, NOT_YOUR_JOB `details` name who has it
 */
export function requireOwnVisit(
  state: FieldJob,
  caller: Pick<Caller, 'id' | 'role' | 'division'>,
): ExistingJob {
  if (state.status === 'absent' || !covers(caller, state.division)) throw new Refusal('JOB_NOT_FOUND');
  const { technicianId } = state;
  if (isOver(state)) throw new Refusal('JOB_CLOSED');
  if (technicianId === null) throw new Refusal('JOB_NOT_ASSIGNED');
  if (technicianId !== caller.id)
    throw new Refusal('NOT_YOUR_JOB', [
      problem('technician_id', 'NOT_APPLICABLE', 'Pekerjaan ini sekarang milik teknisi lain', {
        technician_id: technicianId,
      }),
    ]);
  return state;
}

/** The job as the office may speak of it. @throws Refusal JOB_NOT_FOUND, DIVISION_FORBIDDEN */
export function requireJobOf(state: FieldJob, caller: Pick<Caller, 'role' | 'division'>): ExistingJob {
  if (state.status === 'absent') throw new Refusal('JOB_NOT_FOUND');
  if (!covers(caller, state.division)) throw new Refusal('DIVISION_FORBIDDEN');
  return state;
}
