/** What the clock looks for among visits: who did not come, what was forgotten, and reservations that do not fit. */
import { sql } from 'kysely';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { WriteStore } from '../../ports.ts';

/** For the jobs of the installation itself. */
export type VisitTables = Pick<WriteStore, 'query'>;

/** One look finds at most so many; the next one finds the rest. */
const MOST = 500;

type Watched = Columns<'read.visits', { jobId: 'job_id'; division: 'division' }>;

const missing = statement(
  'visits_missing',
  (now: string, since: string, most: number) =>
    sql<Watched>`select job_id as "jobId", division from read.visits
where status = 'assigned' and not told and window_from <= ${since}::timestamptz
  and (extended_until is null or extended_until <= ${now}::timestamptz) order by window_from, job_id limit ${most}`,
);

/** Visits whose technician is to be missed, longest first. @param minutes NO_SHOW_MINUTES. @throws StoreUnavailable */
export const visitsMissing = (on: VisitTables, now: Date, minutes: number) =>
  on.query(missing(now.toISOString(), new Date(now.getTime() - minutes * 60_000).toISOString(), MOST));

const forgotten = statement(
  'visits_forgotten',
  (since: string, most: number) =>
    sql<Watched>`select job_id as "jobId", division from read.visits
where status = 'in_progress' and not check_out_told and window_to <= ${since}::timestamptz
order by window_to, job_id limit ${most}`,
);

/** Visits that ended before `since` by their window, and nobody checked out. @throws StoreUnavailable */
export const visitsForgotten = (on: VisitTables, since: Date) =>
  on.query(forgotten(since.toISOString(), MOST));

/** A place or a time that is reserved and no job's, or that a job lacks. */
export type LooseReservation = Columns<
  'read.visits',
  { jobId: 'job_id'; division: 'division'; day: 'day' }
> & {
  /** Whose time it is; null: it is a place of the division. */
  readonly technicianId: string | null;
};

const ITS = 'v.division = s.division and v.job_id = s.job_id and v.day = s.day';
const loose = statement(
  'reservations_loose',
  (before: string, from: string, most: number) =>
    sql<LooseReservation>`select s.job_id as "jobId", s.division, s.day, null::uuid as "technicianId"
from read.slots s left join read.visits v on ${sql.raw(ITS)} and v.status <> 'cancelled'
where s.reserved_at < ${before}::timestamptz and s.day >= ${from}::date and v.job_id is null
union all
select v.job_id, v.division, v.day, null from read.visits v left join read.slots s on ${sql.raw(ITS)}
where v.status <> 'cancelled' and v.changed_at < ${before}::timestamptz and v.day >= ${from}::date and s.job_id is null
union all
select a.job_id, v.division, a.day, a.technician_id from read.agendas a join read.visits v on v.job_id = a.job_id
where a.reserved_at < ${before}::timestamptz and v.changed_at < ${before}::timestamptz and a.day >= ${from}::date
  and (v.status in ('open', 'cancelled') or v.technician_id <> a.technician_id or v.day <> a.day)
union all
select v.job_id, v.division, v.day, v.technician_id from read.visits v
left join read.agendas a on a.technician_id = v.technician_id and a.day = v.day and a.job_id = v.job_id
where v.status not in ('open', 'cancelled') and v.changed_at < ${before}::timestamptz and v.day >= ${from}::date
  and a.job_id is null
limit ${most}`,
);

/**
 * Reservations that do not fit since `before`, on days from `from` ('YYYY-MM-DD') on. The job's stream has the last word.
 * @throws StoreUnavailable
 */
export const looseReservations = (on: VisitTables, before: Date, from: string) =>
  on.query(loose(before.toISOString(), from, MOST));

const ofCustomer = statement(
  'visits_of_customer',
  (customerId: string) =>
    sql<Columns<'read.visits', { jobId: 'job_id' }>>`select job_id as "jobId" from read.visits
where customer_id = ${customerId}`,
);

/** Ids of the visits to a customer, of any status. @throws StoreUnavailable */
export const jobsOfCustomer = async (on: VisitTables, customerId: string): Promise<readonly string[]> =>
  (await on.query(ofCustomer(customerId))).map(({ jobId }) => jobId);
