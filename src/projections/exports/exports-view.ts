/** How far each export has come (docs/design/api.md#exports). */
import { sql } from 'kysely';
import type { Recorded } from '../../domain/codec.ts';
import type { ExistingExport } from '../../domain/exports/export.ts';
import type { View } from '../../engine/projections/view.ts';
import { changedColumnsOf, columnsOf } from '../../engine/sql/columns-of.ts';
import { isoTime } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import { type Columns, tables } from '../../engine/sql/tables.ts';
import { NOBODY, type ReadStore, type Scope, type Sql } from '../../ports.ts';

// ---------------------------------------------------------------- query

type ExportRow = Columns<
  'read.exports',
  {
    id: 'id';
    kind: 'kind';
    reportType: 'report_type';
    division: 'division';
    start: 'start_date';
    end: 'end_date';
    requestedBy: 'requested_by';
    status: 'status';
    progressPct: 'progress_pct';
    size: 'size';
    reason: 'reason';
    requestedAt: 'requested_at';
    finishedAt: 'finished_at';
    expiresAt: 'expires_at';
  }
>;

const COLUMNS =
  sql.raw(`id, kind, report_type as "reportType", division, start_date as start, end_date as "end",
  requested_by as "requestedBy", status, progress_pct as "progressPct", size, reason, requested_at as "requestedAt",
  finished_at as "finishedAt", expires_at as "expiresAt"`);

const exportById = statement(
  'export_one',
  (id: string) => sql<ExportRow>`select ${COLUMNS} from read.exports where id = ${id}`,
);

const exportsOf = statement(
  'exports_of',
  (userId: string, most: number) =>
    sql<ExportRow>`select ${COLUMNS} from read.exports where requested_by = ${userId}
order by requested_at desc, id desc limit ${most}`,
);

/** The exports that a person asked for, newest first. */
export async function listExports(
  read: ReadStore,
  userId: string,
  most: number,
): Promise<readonly ExportObject[]> {
  const rows = await read.scoped({ kind: 'all', userId }, (on) => on.query(exportsOf(userId, most)));
  return rows.map(exportObject);
}

const exportObject = (row: ExportRow) => ({
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
 * One export.
 *
 *     select ... from read.exports where id = $1
 *
 * @returns with the id of who asked for it: only they and super admins may see it. Null: there is no such export
 */
export async function findExport(read: ReadStore, scope: Scope, id: string) {
  const [row] = await read.scoped(scope, (on) => on.query(exportById(id)));
  return row ? { requestedBy: row.requestedBy, object: exportObject(row) } : null;
}

const nameOfUser = statement('export_requester', (userId: string) =>
  tables.selectFrom('read.users').select('name').where('id', '=', userId),
);

/** The present name of who asked for an export; empty when it is not known. */
export async function requesterName(read: ReadStore, scope: Scope, userId: string): Promise<string> {
  const [row] = await read.scoped(scope, (on) => on.query(nameOfUser(userId)));
  return row?.name ?? '';
}

const withFile = statement(
  'exports_with_file',
  (before: string) =>
    sql<Columns<'read.exports', { id: 'id' }>>`select id from read.exports
where status in ('pending', 'running', 'ready') and requested_at < ${before}::timestamptz order by requested_at`,
);

/** Ids of the exports that were requested before `before` and may still have a file. */
export async function exportsWithFile(read: ReadStore, before: Date): Promise<readonly string[]> {
  const rows = await read.scoped({ kind: 'all', userId: NOBODY }, (on) =>
    on.query(withFile(before.toISOString())),
  );
  return rows.map(({ id }) => id);
}

// ---------------------------------------------------------------- view

type Requested = Extract<Recorded, { type: 'ExportRequested' }>;

/** What a batch changes about one export; null: no change. */
interface ExportChange {
  readonly id: string;
  status: ExistingExport['status'] | null;
  progressPct: number | null;
  size: number | null;
  reason: string | null;
  finishedAt: string | null;
}

function changesOf(events: readonly Recorded[]): readonly ExportChange[] {
  const changes = new Map<string, ExportChange>();
  for (const { type, data, metadata } of events) {
    if (
      !('exportId' in data) ||
      type === 'ExportRequested' ||
      type === 'ExportQueued' ||
      type === 'ExportDownloaded'
    )
      continue;
    const id = data.exportId;
    const change: ExportChange = changes.get(id) ?? {
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

const writeRequested = (on: Sql, requested: readonly Requested[]): Promise<unknown> =>
  on.query(
    write(
      'exports_insert',
      `insert into read.exports (id, position, kind, report_type, division, start_date, end_date, requested_by,
  status, progress_pct, requested_at, expires_at)
select id, position, kind, report_type, division, start_date, end_date, requested_by, 'pending', 0, requested_at, expires_at
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[], $8::uuid[],
  $9::timestamptz[], $10::timestamptz[])
  x (id, position, kind, report_type, division, start_date, end_date, requested_by, requested_at, expires_at)`,
      columnsOf('read.exports', requested, {
        id: ({ data }) => data.exportId,
        position: ({ position }) => position,
        kind: ({ data }) => data.kind,
        report_type: ({ data }) => data.reportType,
        division: ({ data }) => data.division,
        start_date: ({ data }) => data.start,
        end_date: ({ data }) => data.end,
        requested_by: ({ data }) => data.requestedBy,
        requested_at: ({ metadata }) => isoTime(metadata.at),
        expires_at: ({ data }) => data.expiresAt,
      }),
    ),
  );

const writeChanges = (on: Sql, changes: readonly ExportChange[]): Promise<unknown> =>
  on.query(
    write(
      'exports_change',
      `update read.exports e set status = coalesce(c.status, e.status),
  progress_pct = coalesce(c.progress_pct, e.progress_pct), size = coalesce(c.size, e.size),
  reason = coalesce(c.reason, e.reason), finished_at = coalesce(c.finished_at, e.finished_at)
from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::text[], $6::timestamptz[])
  c (id, status, progress_pct, size, reason, finished_at)
where e.id = c.id`,
      changedColumnsOf('read.exports', changes, {
        id: ({ id }) => id,
        status: ({ status }) => status,
        progress_pct: ({ progressPct }) => progressPct,
        size: ({ size }) => size,
        reason: ({ reason }) => reason,
        finished_at: ({ finishedAt }) => finishedAt,
      }),
    ),
  );

/** The view `read.exports`. */
export function exportsView(): View {
  return {
    name: 'exports',
    streams: ['export-'],
    tables: ['exports'],
    forget: () => undefined,
    apply: async (on, events) => {
      const requested = events.filter((event): event is Requested => event.type === 'ExportRequested');
      if (requested.length > 0) await writeRequested(on, requested);
      const changes = changesOf(events);
      if (changes.length > 0) await writeChanges(on, changes);
      return undefined;
    },
  };
}
