/** Everything that was done for a customer, the newest first (docs/design/field-service.md#customers-by-hand). */
import { sql } from 'kysely';
import type { Division } from '../../domain/vocabulary.ts';
import { readCursor, UUID, writeCursor } from '../../engine/sql/keyset-pages.ts';
import { isoSql } from '../../engine/sql/postgres-text.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { ReadStore, Scope } from '../../ports.ts';

export const WORK_KINDS = ['ticket', 'job', 'invoice'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

export interface WorkEntry {
  readonly kind: WorkKind;
  readonly id: string;
  readonly status: string;
  readonly at: string;
}

const LIST = 'work_history';
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const FROM_THE_END = ['9999-12-31T00:00:00.000Z', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;

/** Each kind of work gives `kind`, `id`, `status`, `at`. */
const WORK =
  sql.raw(`select 'ticket' as kind, t.id, t.status, t.created_at as at, t.division, t.customer_id from read.tickets t
  union all select 'job', j.id, j.status, j.window_from, j.division, j.customer_id from read.jobs j
  union all select 'invoice', v.id, v.status, coalesce(v.issued_on::timestamptz, j.window_from), v.division, v.customer_id
  from read.invoices v join read.jobs j on j.division = v.division and j.id = v.job_id`);
/** Whoever turned out to be the customer, too: a job names who it was opened for. */
const theirs = (division: Division, customerId: string) => sql`(select i.id from read.customers i
  where i.division = ${division} and (i.id = ${customerId}::uuid or i.merged_into = ${customerId}::uuid))`;

const page = statement(
  'work_history',
  (division: Division, customerId: string, at: string, id: string, limit: number) => sql<WorkEntry>`
select w.kind, w.id, w.status, ${sql.raw(isoSql('w.at'))} as at from (${WORK}) w
where w.division = ${division} and w.customer_id in ${theirs(division, customerId)}
  and (date_trunc('milliseconds', w.at), w.id) < (${at}::timestamptz, ${id}::uuid)
order by date_trunc('milliseconds', w.at) desc, w.id desc limit ${limit}`,
);

/** @param of a customer who is known to be in `scope` @throws InvalidCursor */
export async function workHistory(
  read: ReadStore,
  scope: Scope,
  of: { readonly id: string; readonly division: Division },
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ readonly entries: readonly WorkEntry[]; readonly nextCursor: string | null }> {
  const [at = FROM_THE_END[0], id = FROM_THE_END[1]] =
    cursor === undefined ? [] : readCursor(LIST, cursor, [TIME, UUID]);
  const rows = await read.scoped(scope, (on) => on.query(page(of.division, of.id, at, id, limit + 1)));
  const entries = rows.slice(0, limit);
  const last = entries.at(-1);
  return { entries, nextCursor: rows.length > limit && last ? writeCursor(LIST, [last.at, last.id]) : null };
}

const openJobs = statement(
  'customer_open_jobs',
  (division: Division, customerId: string) => sql<{ readonly n: number }>`
select count(*)::int as n from read.jobs j where j.division = ${division} and j.status not in ('completed', 'cancelled')
  and j.customer_id in ${theirs(division, customerId)}`,
);

/** Whether a visit to them is not over, of the divisions that the scope shows. */
export async function hasOpenJob(
  read: ReadStore,
  scope: Scope,
  divisions: readonly Division[],
  customerId: string,
): Promise<boolean> {
  const counts = await read.scoped(scope, (on) =>
    Promise.all(divisions.map((division) => on.query(openJobs(division, customerId)))),
  );
  return counts.flat().some(({ n }) => n > 0);
}
