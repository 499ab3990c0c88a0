/** The view of how each job went (docs/design/field-service.md#visit-figures): no names, no places. */
import { sql } from 'kysely';
import { jobDayOf } from '../../domain/capacity/capacity-day.ts';
import type { Recorded } from '../../domain/codec.ts';
import type { JobEvent, JobStatus } from '../../domain/field-jobs/job.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { isoSql, isoTime } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Sql } from '../../ports.ts';

interface VisitRow {
  readonly division: Division;
  readonly jobId: string;
  readonly customerId: string;
  readonly status: JobStatus;
  readonly technicianId: string | null;
  readonly windowFrom: string;
  readonly windowTo: string;
  readonly openedAt: string;
  readonly takenAt: string | null;
  readonly extendedUntil: string | null;
  readonly arrivedAt: string | null;
  readonly finishedAt: string | null;
  readonly completedAt: string | null;
  readonly missed: number;
  readonly sentBack: number;
  readonly told: boolean;
  readonly checkOutTold: boolean;
  readonly changedAt: string;
}

type RecordedJobEvent = Recorded & JobEvent;

const inPool = { status: 'open', technicianId: null, extendedUntil: null } as const;

/** @returns the row after the event; undefined when there is none */
function evolveVisit(row: VisitRow | undefined, event: RecordedJobEvent): VisitRow | undefined {
  const at = isoTime(event.metadata.at);
  if (event.type === 'JobOpened') {
    const { division, jobId, customerId, windowFrom, windowTo } = event.data;
    return {
      ...{ ...inPool, division, jobId, customerId, windowFrom, windowTo, openedAt: at, changedAt: at },
      ...{ takenAt: null, arrivedAt: null, finishedAt: null, completedAt: null },
      ...{ missed: 0, sentBack: 0, told: false, checkOutTold: false },
    };
  }
  return row === undefined ? undefined : { ...row, ...changeOf(row, event, at), changedAt: at };
}

function changeOf(
  row: VisitRow,
  { type, data }: Exclude<RecordedJobEvent, { type: 'JobOpened' }>,
  at: string,
): Partial<VisitRow> {
  switch (type) {
    case 'JobRescheduled':
      return {
        windowFrom: data.windowFrom,
        windowTo: data.windowTo,
        extendedUntil: null,
        told: false,
      };
    case 'JobCancelled':
      return { status: 'cancelled' };
    case 'JobTaken':
      return {
        status: 'assigned',
        technicianId: data.technicianId,
        takenAt: row.takenAt ?? at,
        told: false,
      };
    case 'JobGivenBack':
      return inPool;
    case 'ArrivalExtended':
      return { extendedUntil: data.until, told: false };
    case 'TechnicianReplaced':
      return data.to === null ? inPool : { technicianId: data.to, extendedUntil: null, told: false };
    case 'NoShowSuspected':
      return { missed: row.missed + 1, told: true };
    case 'TechnicianArrived':
      return { status: 'in_progress', arrivedAt: data.at };
    case 'WorkFinished':
      return { status: 'done', finishedAt: data.at };
    case 'CheckOutForgotten':
      return { checkOutTold: true };
    case 'JobCompleted':
      return { status: 'completed', completedAt: at };
    case 'ReportRejected':
      return { sentBack: row.sentBack + 1 };
    default:
      return {};
  }
}

type StoredVisit = Columns<
  'read.visits',
  {
    division: 'division';
    jobId: 'job_id';
    customerId: 'customer_id';
    technicianId: 'technician_id';
    missed: 'missed';
    sentBack: 'sent_back';
    told: 'told';
    checkOutTold: 'check_out_told';
  }
> &
  Pick<VisitRow, 'status' | 'windowFrom' | 'windowTo' | 'openedAt' | 'changedAt'> &
  Pick<VisitRow, 'takenAt' | 'extendedUntil' | 'arrivedAt' | 'finishedAt' | 'completedAt'>;

const TIMES = {
  windowFrom: 'window_from',
  windowTo: 'window_to',
  openedAt: 'opened_at',
  takenAt: 'taken_at',
  extendedUntil: 'extended_until',
  arrivedAt: 'arrived_at',
  finishedAt: 'finished_at',
  completedAt: 'completed_at',
  changedAt: 'changed_at',
} as const;
const timesSql = sql.raw(
  Object.entries(TIMES)
    .map(([name, column]) => `${isoSql(column)} as "${name}"`)
    .join(', '),
);

const storedVisits = statement(
  'visits_load',
  (divisions: readonly Division[], jobIds: readonly string[]) =>
    sql<StoredVisit>`select division, job_id as "jobId", customer_id as "customerId", status, technician_id as "technicianId",
  missed, sent_back as "sentBack", told, check_out_told as "checkOutTold", ${timesSql}
from read.visits where division = any(${divisions}) and job_id = any(${jobIds}::uuid[])`,
);

async function writeVisits(on: Sql, rows: readonly VisitRow[]): Promise<void> {
  await on.query(
    write(
      'visits_write',
      `insert into read.visits (division, job_id, customer_id, status, technician_id, window_from, window_to, day, opened_at,
  taken_at, extended_until, arrived_at, finished_at, completed_at, missed, sent_back, told, check_out_told, changed_at)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::timestamptz[], $7::timestamptz[],
  $8::date[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[],
  $14::timestamptz[], $15::int[], $16::int[], $17::boolean[], $18::boolean[], $19::timestamptz[])
on conflict (division, job_id) do update set status = excluded.status, technician_id = excluded.technician_id,
  window_from = excluded.window_from, window_to = excluded.window_to, day = excluded.day, taken_at = excluded.taken_at,
  extended_until = excluded.extended_until, arrived_at = excluded.arrived_at, finished_at = excluded.finished_at,
  completed_at = excluded.completed_at, missed = excluded.missed, sent_back = excluded.sent_back, told = excluded.told,
  check_out_told = excluded.check_out_told, changed_at = excluded.changed_at`,
      columnsOf('read.visits', rows, {
        division: (row) => row.division,
        job_id: (row) => row.jobId,
        customer_id: (row) => row.customerId,
        status: (row) => row.status,
        technician_id: (row) => row.technicianId,
        window_from: (row) => row.windowFrom,
        window_to: (row) => row.windowTo,
        day: (row) => jobDayOf(row.windowFrom),
        opened_at: (row) => row.openedAt,
        taken_at: (row) => row.takenAt,
        extended_until: (row) => row.extendedUntil,
        arrived_at: (row) => row.arrivedAt,
        finished_at: (row) => row.finishedAt,
        completed_at: (row) => row.completedAt,
        missed: (row) => row.missed,
        sent_back: (row) => row.sentBack,
        told: (row) => row.told,
        check_out_told: (row) => row.checkOutTold,
        changed_at: (row) => row.changedAt,
      }),
    ),
  );
}

const isJobEvent = (event: Recorded): event is RecordedJobEvent => event.stream.startsWith('job-');

/** The view `read.visits`. */
export const visitsView = (): View => ({
  name: 'visits',
  streams: ['job-'],
  tables: ['visits'],
  forget: () => undefined,
  async apply(on, events) {
    const told = events.filter(isJobEvent);
    const divisions = [...new Set(told.map(({ data }) => data.division))];
    const ids = [...new Set(told.map(({ data }) => data.jobId))];
    const rows = new Map<string, VisitRow>(
      (await on.query(storedVisits(divisions, ids))).map((row) => [row.jobId, row]),
    );
    for (const event of told) {
      const after = evolveVisit(rows.get(event.data.jobId), event);
      if (after !== undefined) rows.set(event.data.jobId, after);
    }
    if (rows.size > 0) await writeVisits(on, [...rows.values()]);
    return undefined;
  },
});
