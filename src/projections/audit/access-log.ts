/** Sign-ins, failed attempts, and who looked at personal data: for auditors. */
import type { Recorded } from '../../domain/codec.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { dispatch, type Handlers, type View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { pageOf, readPlace } from '../../engine/sql/keyset-pages.ts';
import { isoSql, isoTime, storableJson } from '../../engine/sql/postgres-text.ts';
import { assembled, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Statement, WriteStore } from '../../ports.ts';

// ---------------------------------------------------------------- query

export interface AccessQuery {
  readonly userId?: string;
  readonly ticketId?: string;
  /** Keyed hash of a phone number that was searched for. */
  readonly searched?: string;
  /** ISO 8601, inclusive. */
  readonly from?: string;
  /** ISO 8601, exclusive. */
  readonly to?: string;
  /** Of the people of this division only. */
  readonly division?: Division | undefined;
  readonly limit: number;
  readonly cursor?: string;
}

type EntryRow = Columns<'read.access_log', { position: 'position' }> & { readonly entry: string };

/** Its text has only the conditions that are asked for. */
function accessStatement({
  userId,
  ticketId,
  searched,
  from,
  to,
  division,
  limit,
  cursor,
}: AccessQuery): Statement<EntryRow> {
  const values: unknown[] = [limit + 1];
  const conditions: string[] = [];
  const where = (condition: (parameter: string) => string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`$${String(values.length)}`));
  };
  where((at) => `a.position < ${at}`, readPlace('access', cursor));
  where((id) => `a.user_id = ${id}`, userId);
  where((id) => `a.ticket_id = ${id}`, ticketId);
  where((hash) => `a.searched = ${hash}`, searched);
  where((at) => `a.at >= ${at}`, from);
  where((at) => `a.at < ${at}`, to);
  where((own) => `u.division = ${own}`, division);
  return assembled<EntryRow>(
    null,
    `select a.position, json_build_object('id', a.id, 'event', a.event, 'timestamp', ${isoSql('a.at')},
  'user', case when a.user_id is not null then json_build_object('id', a.user_id, 'name', coalesce(u.name, '')) end,
  'ticket_id', a.ticket_id, 'metadata', a.metadata)::text as entry
from read.access_log a left join read.users u on u.id = a.user_id
${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`} order by a.position desc limit $1`,
    values,
  );
}

/**
 * Newest first. Readers have no rights on this table: the caller checks the privilege
 * (docs/design/api.md#roles-and-privileges).
 * @returns json: text of a JSON array
 * @throws InvalidCursor
 */
export async function listAccess(
  database: Pick<WriteStore, 'query'>,
  query: AccessQuery,
): Promise<{ readonly json: string; readonly nextCursor: string | null }> {
  const rows = await database.query(accessStatement(query));
  const { page, nextCursor } = pageOf('access', rows, query.limit);
  return { json: `[${page.map(({ entry }) => entry).join(',')}]`, nextCursor };
}

// ---------------------------------------------------------------- view

interface Entry {
  readonly event: string;
  readonly userId: string | null;
  readonly ticketId: string | null;
  readonly searched?: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const ENTRIES: Handlers<[], Entry> = {
  SignedIn: ({ data: { userId, sessionId, origin } }) => ({
    event: 'signed_in',
    userId,
    ticketId: null,
    metadata: { session_id: sessionId, origin },
  }),
  SignedOut: ({ data: { userId, sessionId } }) => ({
    event: 'signed_out',
    userId,
    ticketId: null,
    metadata: { session_id: sessionId },
  }),
  SignInFailed: ({ data: { userId, emailKey, reason, origin, unrecorded } }) => ({
    event: 'sign_in_failed',
    userId,
    ticketId: null,
    metadata: { reason, email_key: emailKey, origin, unrecorded },
  }),
  RefreshTokenReused: ({ data: { userId, sessionId, origin, unrecorded } }) => ({
    event: 'refresh_token_reused',
    userId,
    ticketId: null,
    metadata: { session_id: sessionId, origin, unrecorded },
  }),
  AccessRefused: ({ data: { userId, action, code, ticketId, subjectId, origin, unrecorded } }) => ({
    event: 'access_refused',
    userId,
    ticketId,
    metadata: { action, code, subject_id: subjectId, origin, unrecorded },
  }),
  PersonalDataRead: ({ data: { userId, kind, ticketId, subjectId, filters, searched, origin } }) => ({
    event: 'personal_data_read',
    userId,
    ticketId,
    searched,
    metadata: { kind, subject_id: subjectId, filters, searched, origin },
  }),
};

/** The view `read.access_log`. */
export function accessLogView(): View {
  return {
    name: 'access_log',
    streams: ['access-'],
    tables: ['access_log'],
    forget: () => undefined,
    apply: async (on, events) => {
      const rows = events.flatMap((event: Recorded) => {
        const entry = dispatch(ENTRIES, event);
        return entry ? [{ event, entry }] : [];
      });
      if (rows.length === 0) return undefined;
      await on.query(
        write(
          'access_log_insert',
          `insert into read.access_log (position, id, event, at, user_id, ticket_id, metadata, searched)
select * from unnest($1::text[], $2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[], $6::uuid[], $7::json[], $8::text[])`,
          columnsOf('read.access_log', rows, {
            position: ({ event }) => event.position,
            id: ({ event }) => event.id,
            event: ({ entry }) => entry.event,
            at: ({ event }) => isoTime(event.metadata.at),
            user_id: ({ entry }) => entry.userId,
            ticket_id: ({ entry }) => entry.ticketId,
            metadata: ({ event, entry }) =>
              storableJson({ ...entry.metadata, request_id: event.metadata.requestId }),
            searched: ({ entry }) => entry.searched ?? null,
          }),
        ),
      );
      return undefined;
    },
  };
}
