/** Jobs as lists (docs/design/field-service.md#who-sees-what): of a division, of a technician, and the pool. */
import { sql } from 'kysely';
import type { JobStatus } from '../../domain/field-jobs/job.ts';
import { JOB_STATUSES } from '../../domain/field-jobs/job.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { readCursor, UUID, writeCursor } from '../../engine/sql/keyset-pages.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import type { FoundJob } from './job-object.ts';

type ListedJob = FoundJob & Columns<'read.jobs', { id: 'id' }> & { readonly at: Date };

const SELECT =
  sql.raw(`select j.id, j.window_from as at, j.job as row, c.id as "customerId", c.name as "customerName",
  c.phone as "customerPhone", t.name as "technicianName", o.name as "openerName"
from read.jobs j
left join lateral (select k.id, k.name, k.phone from read.customers i
  join read.customers k on k.division = i.division and k.id = coalesce(i.merged_into, i.id)
  where i.division = j.division and i.id = j.customer_id) c on true
left join read.users t on t.id = j.technician_id
left join read.users o on o.id = (j.job->>'openedBy')::uuid`);

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** @param before the last job shown: begin of its window and id */
function cut(list: string, rows: readonly ListedJob[], limit: number) {
  const jobs = rows.slice(0, limit);
  const last = jobs.at(-1);
  const more = rows.length > limit && last;
  return { jobs, nextCursor: more ? writeCursor(list, [last.at.toISOString(), last.id]) : null };
}

const placeIn = (list: string, cursor: string | undefined, start: readonly [string, string]) =>
  cursor === undefined ? start : readCursor(list, cursor, [MOMENT, UUID]);

const LATEST = ['9999-12-31T00:00:00.000Z', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;
const EARLIEST = ['0001-01-01T00:00:00.000Z', '00000000-0000-0000-0000-000000000000'] as const;

export interface JobsQuery {
  readonly divisions: readonly Division[];
  readonly ticket?: string | undefined;
  readonly customer?: string | undefined;
  readonly technician?: string | undefined;
  readonly status?: JobStatus | undefined;
  /** 'YYYY-MM-DD', in Jakarta. */
  readonly day?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

type Lens = readonly [
  divisions: readonly Division[],
  ticket: string | null,
  customer: string | null,
  technician: string | null,
  day: string | null,
];

/** Whoever was merged into another is that other one. */
const fits = ([
  divisions,
  ticket,
  customer,
  technician,
  day,
]: Lens) => sql`j.division = any(${divisions}::text[])
  and (${ticket}::uuid is null or j.ticket_id = ${ticket}::uuid)
  and (${customer}::uuid is null or j.customer_id in (select i.id from read.customers i
    where i.id = ${customer}::uuid or i.merged_into = ${customer}::uuid))
  and (${technician}::uuid is null or j.technician_id = ${technician}::uuid)
  and (${day}::date is null or j.day = ${day}::date)`;

// A statement counts its parameters: they are named one by one.
const jobsPage = statement(
  'jobs_page',
  (
    at: string,
    id: string,
    status: JobStatus | null,
    most: number,
    divisions: Lens[0],
    ticket: Lens[1],
    customer: Lens[2],
    technician: Lens[3],
    day: Lens[4],
  ) => sql<ListedJob>`${SELECT} where ${fits([divisions, ticket, customer, technician, day])}
  and (j.window_from, j.id) < (${at}::timestamptz, ${id}::uuid) and (${status}::text is null or j.status = ${status}::text)
order by j.window_from desc, j.id desc limit ${most}`,
);

const jobCounts = statement(
  'jobs_counts',
  (divisions: Lens[0], ticket: Lens[1], customer: Lens[2], technician: Lens[3], day: Lens[4]) => sql<
    Columns<'read.jobs', { status: 'status' }> & { readonly n: number }
  >`select j.status, count(*)::int as n from read.jobs j where ${fits([divisions, ticket, customer, technician, day])}
group by j.status`,
);

/**
 * The latest windows first.
 * @returns also how many there are of each status, whichever was asked for
 * @throws InvalidCursor, StoreUnavailable
 */
export async function listJobs(
  read: ReadStore,
  scope: Scope,
  { divisions, ticket, customer, technician, status, day, cursor, limit }: JobsQuery,
) {
  const [at, id] = placeIn('jobs', cursor, LATEST);
  const lens: Lens = [divisions, ticket ?? null, customer ?? null, technician ?? null, day ?? null];
  const [rows, counts] = await read.scoped(scope, (on) =>
    Promise.all([
      on.query(jobsPage(at ?? '', id ?? '', status ?? null, limit + 1, ...lens)),
      on.query(jobCounts(...lens)),
    ]),
  );
  const of = new Map(counts.map((row) => [row.status, row.n]));
  return {
    ...cut('jobs', rows, limit),
    counts: Object.fromEntries(JOB_STATUSES.map((one) => [one, of.get(one) ?? 0])) as Record<
      JobStatus,
      number
    >,
  };
}

const poolPage = statement(
  'jobs_pool',
  (division: Division, at: string, id: string, most: number) =>
    sql<ListedJob>`${SELECT} where j.division = ${division} and j.status = 'open'
  and (j.window_from, j.id) > (${at}::timestamptz, ${id}::uuid) order by j.window_from, j.id limit ${most}`,
);

/** Who comes first is served first; the earliest windows first. @throws InvalidCursor, StoreUnavailable */
export async function listPool(
  read: ReadStore,
  scope: Scope,
  division: Division,
  { cursor, limit }: Pick<JobsQuery, 'cursor' | 'limit'>,
) {
  const [at, id] = placeIn('pool', cursor, EARLIEST);
  const rows = await read.scoped(scope, (on) => on.query(poolPage(division, at ?? '', id ?? '', limit + 1)));
  return cut('pool', rows, limit);
}

const jobsById = statement(
  'jobs_by_id',
  (ids: readonly string[]) => sql<ListedJob>`${SELECT} where j.id = any(${ids}::uuid[])`,
);

/** In one transaction of the caller's. */
export const jobsByIds = (on: Sql, ids: readonly string[]): Promise<readonly FoundJob[]> =>
  on.query(jobsById(ids));

/** @returns null: the scope shows none of this id. @throws StoreUnavailable */
export async function findJob(read: ReadStore, scope: Scope, id: string): Promise<FoundJob | null> {
  const [found] = await read.scoped(scope, (on) => jobsByIds(on, [id]));
  return found ?? null;
}

const assignedTo = statement(
  'jobs_assigned_to',
  (technicianId: string) => sql<
    Columns<'read.jobs', { id: 'id'; division: 'division' }>
  >`select id, division from read.jobs
where technician_id = ${technicianId} and status = 'assigned' order by id`,
);

/** What somebody has and has not come to yet. @throws StoreUnavailable */
export const jobsAssignedTo = (
  read: ReadStore,
  scope: Scope,
  technicianId: string,
): Promise<readonly Columns<'read.jobs', { id: 'id'; division: 'division' }>[]> =>
  read.scoped(scope, (on) => on.query(assignedTo(technicianId)));
