/**
 * Tells those who plan visits of a technician who did not come, and of a visit that nobody checked out of
 * (docs/design/field-service.md#no-show): once, as the job itself decides.
 */
import { FORGOTTEN_MS, type MissedVisits } from '../../commands/field-jobs/missed.ts';
import type { StaffMember } from '../../domain/staff/member.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports.ts';
import {
  visitsForgotten,
  visitsMissing,
  type VisitTables,
} from '../../projections/field-jobs/watched-visits.ts';
import { listUsers } from '../../projections/staff/users.ts';

export interface NoShowDeps {
  readonly tables: VisitTables;
  readonly missedVisits: MissedVisits;
  readonly clock: Clock;
  /** NO_SHOW_MINUTES */
  readonly noShowMinutes: number;
}

/** Dispatchers and leads of the division; where there is none, super admins. */
export function plannersOf(users: readonly StaffMember[], division: Division): readonly string[] {
  const able = users.filter(({ active, privileges }) => active && privileges.has('job_dispatch'));
  const near = able.filter((one) => one.role !== 'super_admin' && [division, 'all'].includes(one.division));
  return (near.length > 0 ? near : able.filter(({ role }) => role === 'super_admin')).map(({ id }) => id);
}

/** Looks once. The read tables say where to look, each job decides. @throws StoreUnavailable */
export async function checkVisits({ tables, missedVisits, clock, noShowMinutes }: NoShowDeps): Promise<void> {
  const now = clock.now();
  const missing = await visitsMissing(tables, now, noShowMinutes);
  const forgotten = await visitsForgotten(tables, new Date(now.getTime() - FORGOTTEN_MS));
  if (missing.length + forgotten.length === 0) return;
  const users = await listUsers(tables);
  for (const { jobId, division } of missing)
    await missedVisits.noShow(jobId, noShowMinutes, plannersOf(users, division));
  for (const { jobId, division } of forgotten)
    await missedVisits.checkOut(jobId, plannersOf(users, division));
}
