/** How far each export came (contract.md 8, `GET /api/export/{id}/status`). */
import type { Recorded } from '../../domain/codec.ts';
import type { ExistingExport, ExportKind, ReportType } from '../../domain/exports/export.ts';
import type { UserDivision } from '../../domain/vocabulary.ts';
import { NOBODY, type ReadStore, type Scope } from '../../ports.ts';
import { isoTime } from '../../engine/sql/postgres-text.ts';
import { columns, type View } from '../../engine/projections/view.ts';

// ---------------------------------------------------------------- query

interface Row {
  readonly id: string;
  readonly kind: ExportKind;
  readonly reportType: ReportType | null;
  readonly division: UserDivision;
  readonly start: string;
  readonly end: string;
  readonly requestedBy: string;
  readonly status: ExistingExport['status'];
  readonly progressPct: number;
  readonly size: number | null;
  readonly reason: string | null;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
  readonly expiresAt: Date;
}

const SELECT = `select id, kind, report_type as "reportType", division, start_date as start, end_date as "end",
  requested_by as "requestedBy", status, progress_pct as "progressPct", size, reason, requested_at as "requestedAt",
  finished_at as "finishedAt", expires_at as "expiresAt" from read.exports`;

const exportObject = (row: Row) => ({
  export_id: row.id,
  status: row.status,
  progress_pct: row.progressPct,
  type: row.kind,
  report_type: row.reportType,
  division: row.division,
  date_range: { start: row.start, end: row.end },
  size: row.size,
  reason: row.reason,
  requested_at: row.requestedAt.toISOString(),
  finished_at: row.finishedAt?.toISOString() ?? null,
  expires_at: row.expiresAt.toISOString(),
});
export type ExportObject = ReturnType<typeof exportObject>;

/**
 * Null: there is none.
 *
 *     select ... from read.exports where id = $1
 *
 * @returns with it, who asked for it: nobody else may be shown it, but for a super admin
 */
export async function findExport(read: ReadStore, scope: Scope, id: string) {
  const [row] = await read.scoped(scope, (sql) =>
    sql.query<Row>({ name: 'export_one', text: `${SELECT} where id = $1`, values: [id] }),
  );
  return row ? { requestedBy: row.requestedBy, object: exportObject(row) } : null;
}

/** Who asked, as they are called now. */
export async function requesterName(read: ReadStore, scope: Scope, userId: string): Promise<string> {
  const [row] = await read.scoped(scope, (sql) =>
    sql.query<{ name: string }>({
      name: 'export_requester',
      text: 'select name from read.users where id = $1',
      values: [userId],
    }),
  );
  return row?.name ?? '';
}

/** Ids of those asked for before `moment` whose file may be there. */
export async function exportsWithFile(read: ReadStore, moment: Date): Promise<readonly string[]> {
  const rows = await read.scoped({ kind: 'all', userId: NOBODY }, (sql) =>
    sql.query<{ id: string }>({
      name: 'exports_with_file',
      text: `select id from read.exports
where status in ('pending', 'running', 'ready') and requested_at < $1::timestamptz order by requested_at`,
      values: [moment.toISOString()],
    }),
  );
  return rows.map(({ id }) => id);
}

// ---------------------------------------------------------------- view

type Requested = Extract<Recorded, { type: 'ExportRequested' }>;

/** What a batch changes about one export; null: as it was. */
interface Change {
  readonly id: string;
  status: ExistingExport['status'] | null;
  progressPct: number | null;
  size: number | null;
  reason: string | null;
  finishedAt: string | null;
}

function changesOf(events: readonly Recorded[]): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const { type, data, metadata } of events) {
    if (!('exportId' in data) || type === 'ExportRequested' || type === 'ExportDownloaded') continue;
    const id = data.exportId;
    const known = changes.get(id);
    const change: Change = known ?? {
      id,
      status: null,
      progressPct: null,
      size: null,
      reason: null,
      finishedAt: null,
    };
    changes.set(id, change);
    const at = isoTime(metadata.at);
    if (type === 'ExportStarted') change.status = 'running';
    else if (type === 'ExportProgressed') change.progressPct = data.progressPct;
    else if (type === 'ExportCompleted')
      Object.assign(change, { status: 'ready', progressPct: 100, size: data.size, finishedAt: at });
    else if (type === 'ExportFailed')
      Object.assign(change, { status: 'failed', reason: data.reason, finishedAt: at });
    else Object.assign(change, { status: 'expired', reason: data.reason });
  }
  return [...changes.values()];
}

export function exportsView(): View {
  return {
    name: 'exports',
    streams: ['export-'],
    tables: ['exports'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const requested = events.filter((event): event is Requested => event.type === 'ExportRequested');
      if (requested.length > 0)
        await sql.query({
          name: 'exports_insert',
          text: `insert into read.exports (id, position, kind, report_type, division, start_date, end_date, requested_by,
  status, progress_pct, requested_at, expires_at)
select id, position, kind, report_type, division, start_date, end_date, requested_by, 'pending', 0, requested_at, expires_at
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[], $8::uuid[],
  $9::timestamptz[], $10::timestamptz[])
  x (id, position, kind, report_type, division, start_date, end_date, requested_by, requested_at, expires_at)`,
          values: columns(
            requested,
            ({ data }) => data.exportId,
            ({ position }) => position,
            ({ data }) => data.kind,
            ({ data }) => data.reportType,
            ({ data }) => data.division,
            ({ data }) => data.start,
            ({ data }) => data.end,
            ({ data }) => data.requestedBy,
            ({ metadata }) => isoTime(metadata.at),
            ({ data }) => data.expiresAt,
          ),
        });
      const changes = changesOf(events);
      if (changes.length > 0)
        await sql.query({
          name: 'exports_change',
          text: `update read.exports e set status = coalesce(c.status, e.status),
  progress_pct = coalesce(c.progress_pct, e.progress_pct), size = coalesce(c.size, e.size),
  reason = coalesce(c.reason, e.reason), finished_at = coalesce(c.finished_at, e.finished_at)
from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::text[], $6::timestamptz[])
  c (id, status, progress_pct, size, reason, finished_at)
where e.id = c.id`,
          values: columns(
            changes,
            ({ id }) => id,
            ({ status }) => status,
            ({ progressPct }) => progressPct,
            ({ size }) => size,
            ({ reason }) => reason,
            ({ finishedAt }) => finishedAt,
          ),
        });
      return undefined;
    },
  };
}
