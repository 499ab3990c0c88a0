/** The view `read.jobs` (docs/design/field-service.md#life-of-a-job). */
import { sql } from 'kysely';
import type { Recorded } from '../../domain/codec.ts';
import { jobDayOf } from '../../domain/capacity/capacity-day.ts';
import { jobEvents } from '../../domain/field-jobs/job.ts';
import type { View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { isoTime, storableJson } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Sql } from '../../ports.ts';
import type { ErasureFacts } from '../erasure/with-erasure.ts';
import { erasedJobRow, type JobRow, jobRowAfter, type RecordedJob } from './job-row.ts';

const TYPES: ReadonlySet<string> = new Set(jobEvents.map(({ type }) => type));
const isOfJob = (event: Recorded): event is RecordedJob => TYPES.has(event.type);

type Stored = Columns<'read.jobs', { id: 'id' }> & { readonly row: JobRow };

const rowsOf = statement(
  'jobs_load',
  (ids: readonly string[]) =>
    sql<Stored>`select id, job as row from read.jobs where id = any(${ids}::uuid[])`,
);

const rowsOfCustomer = statement(
  null,
  (division: string, customerId: string) =>
    sql<Stored>`select id, job as row from read.jobs where division = ${division} and customer_id = ${customerId}`,
);

async function writeRows(on: Sql, rows: readonly JobRow[]): Promise<void> {
  if (rows.length === 0) return;
  await on.query(
    write(
      'jobs_write',
      `insert into read.jobs (division, id, customer_id, ticket_id, technician_id, status, window_from, window_to, day, job)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::timestamptz[], $8::timestamptz[],
  $9::date[], $10::json[])
on conflict (division, id) do update set technician_id = excluded.technician_id, status = excluded.status,
  window_from = excluded.window_from, window_to = excluded.window_to, day = excluded.day, job = excluded.job`,
      columnsOf('read.jobs', rows, {
        division: ({ state }) => state.division,
        id: ({ state }) => state.id,
        customer_id: ({ state }) => state.customerId,
        ticket_id: ({ state }) => state.ticketId,
        technician_id: ({ state }) => state.technicianId,
        status: ({ state }) => state.status,
        window_from: ({ state }) => isoTime(state.windowFrom),
        window_to: ({ state }) => isoTime(state.windowTo),
        day: ({ state }) => jobDayOf(state.windowFrom),
        job: (row) => storableJson(row),
      }),
    ),
  );
}

/** Texts, places and positions of the customer's visits. */
export async function eraseJobs(on: Sql, { division, customerId }: ErasureFacts): Promise<void> {
  const rows = await on.query(rowsOfCustomer(division, customerId));
  await writeRows(
    on,
    rows.map(({ row }) => erasedJobRow(row)),
  );
}

export const jobsView = (): View => ({
  name: 'jobs',
  streams: ['job-'],
  tables: ['jobs'],
  forget: () => undefined,
  async apply(on, events) {
    const ofJobs = events.filter(isOfJob);
    const ids = [...new Set(ofJobs.map(({ data }) => data.jobId))];
    if (ids.length === 0) return undefined;
    const rows = new Map((await on.query(rowsOf(ids))).map(({ id, row }) => [id, row]));
    for (const event of ofJobs) {
      const { jobId } = event.data;
      const after = jobRowAfter(rows.get(jobId), event);
      if (after) rows.set(jobId, after);
    }
    await writeRows(on, [...rows.values()]);
    return undefined;
  },
});
