/** The inbox (docs/design/api.md#inbox): lists, one ticket, and which division a ticket is of. */
import { sql } from 'kysely';
import { type Division, DIVISIONS } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope, Sql, Statement } from '../../ports.ts';
import { type Filter, filterOf, type Idleness, type InboxFilters } from './inbox-filter.ts';
import { type After, type PageRow, pageStatement, ticketText } from './inbox-page.ts';
import { EVERY_TICKET, ROW_COST, type Source } from './inbox-source.ts';
import { countPrefix, countTags, countWords, divisionsOfAssignee, total } from './inbox-total.ts';
import { readCursor, UUID, writeCursor } from '../../engine/sql/keyset-pages.ts';
import { statement } from '../../engine/sql/statement.ts';
import { type Columns, tables } from '../../engine/sql/tables.ts';

export interface InboxQuery extends InboxFilters {
  /** Narrowed already to what the caller may see. */
  readonly divisions: readonly Division[] | 'all';
  /** 1-200. */
  readonly limit: number;
  readonly offset?: number | undefined;
  /** From `nextCursor`; then `offset` is ignored. */
  readonly cursor?: string | undefined;
  /** When a ticket counts as idle. Default: 4 hours before the time of the call. */
  readonly idle?: Idleness | undefined;
}

export interface InboxPage {
  /** Text of a JSON array of TicketObjects. */
  readonly json: string;
  readonly total: number;
  readonly nextCursor: string | null;
}

const IDLE_AFTER_HOURS = 4;
/** Of a search, per call: so many are quicker fetched and sorted than found on a walk by activity. */
const FEW = 1_500;
const MOST_FREE = 500;

const idlenessOf = (idle: Idleness | undefined): Idleness =>
  idle ?? { now: new Date(), afterHours: IDLE_AFTER_HOURS };
const divisionsOf = (divisions: readonly Division[] | 'all'): readonly Division[] =>
  divisions === 'all' ? DIVISIONS : divisions;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function afterOf(cursor: string | undefined): After | undefined {
  if (cursor === undefined) return undefined;
  const [at = '', id = ''] = readCursor('inbox', cursor, [TIME, UUID]);
  if (Number.isNaN(Date.parse(at))) readCursor('inbox', '', []);
  return { at, id };
}

/** Chooses where to start: the rarest of what is asked for, when it is rare enough. */
async function sourceOf(sql: Sql, divisions: readonly Division[], filter: Filter): Promise<Source> {
  const { tags, prefixes } = filter;
  if (prefixes.length > 0) {
    const counts = await Promise.all(
      prefixes.map(async (prefix) => ({ prefix, n: (await countPrefix(sql, divisions, prefix)) ?? 0 })),
    );
    counts.sort((a, b) => a.n - b.n);
    // A list that is much longer than the rarest is not worth reading: there are fewer tickets to look at.
    const worth = Math.max(1, counts[0]?.n ?? 0) * ROW_COST;
    const words = (are: (n: number) => boolean) =>
      counts.filter(({ n }) => are(n)).map(({ prefix }) => prefix);
    const [listed, checked] = [words((n) => n <= worth), words((n) => n > worth)];
    // Two common words may have little in common.
    const found = listed.length === 1 ? (counts[0]?.n ?? 0) : await countWords(sql, divisions, listed);
    return { ...EVERY_TICKET, way: found <= FEW ? 'terms' : 'tickets', tags, listed, checked, found };
  }
  if (tags.length === 0) return EVERY_TICKET;
  if (tags.length === 1) return { ...EVERY_TICKET, way: 'tags', tags };
  const counts = await countTags(sql, divisions, tags);
  const rarestFirst = [...tags].sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
  return { ...EVERY_TICKET, way: 'tags', tags: rarestFirst };
}

const newestFirst = (a: PageRow, b: PageRow): number =>
  b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1);

const isAfter = (row: PageRow, after: After | undefined): boolean => {
  if (!after) return true;
  const difference = row.at.getTime() - Date.parse(after.at);
  return difference < 0 || (difference === 0 && row.id < after.id);
};

/** Tickets of other divisions that are assigned to the reader and match: reached one by one, they are few. */
async function grantedRows(
  read: ReadStore,
  scope: Scope,
  grants: readonly Grant[],
  filter: Filter,
): Promise<readonly PageRow[]> {
  const source: Source = { ...EVERY_TICKET, listed: filter.prefixes };
  const rows = await Promise.all(
    grants.map(({ ticketId, division }) =>
      read.scoped({ kind: 'ticket', division, ticketId, userId: scope.userId }, (sql) =>
        sql.query(pageStatement([division], filter, source, { limit: 1, offset: 0, ticketId })),
      ),
    ),
  );
  return rows.flat();
}

interface Grant {
  readonly ticketId: string;
  readonly division: Division;
}

const grantsOfUser = statement('ticket_grants_own', (userId: string) =>
  tables
    .selectFrom('read.ticket_grants')
    .select(['ticket_id as ticketId', 'division'])
    .where('user_id', '=', userId),
);

async function grantsOf(sql: Sql, scope: Scope, divisions: readonly Division[]): Promise<readonly Grant[]> {
  if (scope.kind !== 'division') return [];
  const grants = await sql.query(grantsOfUser(scope.userId));
  return grants.filter(({ division }) => !divisions.includes(division));
}

/**
 * Tickets with the newest activity first, and how many there are in all. A reader of one division also gets the
 * tickets of other divisions that are assigned to them.
 *
 *     select ... from read.tickets t where t.division = 'sari' and t.status = 'new' and t.queue_status = 'free'
 *     union all ... order by last_activity_at desc, id desc limit 51
 *
 * @throws InvalidCursor
 */
export async function listInbox(read: ReadStore, scope: Scope, query: InboxQuery): Promise<InboxPage> {
  const filter = filterOf(query, idlenessOf(query.idle));
  const divisions = divisionsOf(query.divisions);
  const after = afterOf(query.cursor);
  const { limit } = query;
  const offset = after ? 0 : (query.offset ?? 0);
  if (filter.impossible || divisions.length === 0) return { json: '[]', total: 0, nextCursor: null };

  const found = await read.scoped(scope, async (sql) => {
    const { assignedTo } = filter;
    const wide = divisions.length > 1 && assignedTo !== undefined;
    const walked = wide ? await divisionsOfAssignee(sql, divisions, assignedTo) : divisions;
    if (walked.length === 0) return undefined;
    const source = await sourceOf(sql, walked, filter);
    const page = (range: { limit: number; offset: number }): Statement<PageRow> =>
      pageStatement(walked, filter, source, { ...range, after });
    const [rows, count, grants] = await Promise.all([
      sql.query(page({ limit: limit + 1, offset })),
      total(sql, walked, filter, source),
      grantsOf(sql, scope, divisions),
    ]);
    return { rows, count, grants, page };
  });
  if (!found) return { json: '[]', total: 0, nextCursor: null };
  if (found.grants.length === 0) return pageOf(found.rows, limit, found.count, filter);

  const granted = await grantedRows(read, scope, found.grants, filter);
  let { rows } = found;
  if (granted.length > 0) {
    // The places of the granted ones among the others are known only from the beginning of the list.
    const fromStart =
      offset === 0
        ? rows
        : await read.scoped(scope, (sql) => sql.query(found.page({ limit: offset + limit + 1, offset: 0 })));
    const merged = [...fromStart, ...granted.filter((row) => isAfter(row, after))].sort(newestFirst);
    rows = merged.slice(offset, offset + limit + 1);
  }
  return pageOf(rows, limit, found.count + granted.length, filter);
}

function pageOf(rows: readonly PageRow[], limit: number, count: number, filter: Filter): InboxPage {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    json: `[${page.map((row) => ticketText(row, filter.idleBefore)).join(',')}]`,
    total: count,
    nextCursor: rows.length > limit && last ? writeCursor('inbox', [last.at.toISOString(), last.id]) : null,
  };
}

/** Open FREE tickets, newest activity first, at most 500. */
export async function freeTickets(
  read: ReadStore,
  scope: Scope,
  divisions: readonly Division[] | 'all',
): Promise<{ readonly json: string }> {
  const filter = filterOf({ status: 'new', queueStatus: 'free' }, idlenessOf(undefined));
  const page = pageStatement(divisionsOf(divisions), filter, EVERY_TICKET, {
    limit: MOST_FREE,
    offset: 0,
  });
  const rows = await read.scoped(scope, (sql) => sql.query(page));
  return { json: `[${rows.map((row) => ticketText(row, filter.idleBefore)).join(',')}]` };
}

/** One ticket as the scope shows it; null when it shows none such. */
export async function getTicket(
  read: ReadStore,
  scope: Scope,
  ticketId: string,
  idle?: Idleness,
): Promise<{ readonly json: string } | null> {
  const filter = filterOf({}, idlenessOf(idle));
  const divisions = scope.kind === 'all' ? DIVISIONS : [scope.division as Division];
  const page = pageStatement(divisions, filter, EVERY_TICKET, { limit: 1, offset: 0, ticketId });
  const [row] = await read.scoped(scope, (sql) => sql.query(page));
  return row ? { json: ticketText(row, filter.idleBefore) } : null;
}

const placeOf = statement(
  'ticket_locate',
  (userId: string, ticketId: string) => sql<
    Columns<'read.ticket_directory', { division: 'division' }> & { granted: boolean }
  >`select d.division, exists (select from read.ticket_grants g
  where g.ticket_id = d.ticket_id and g.user_id = ${userId}::uuid) as granted
from read.ticket_directory d where d.ticket_id = ${ticketId}::uuid`,
);

/**
 * Which division a ticket is of, and whether this person was given it across divisions; this decides between 404 and 403. Shows nothing else of the ticket, so it asks for no scope.
 */
export async function locateTicket(
  read: ReadStore,
  ticketId: string,
  userId: string,
): Promise<{ readonly division: Division; readonly granted: boolean } | null> {
  const [row] = await read.scoped({ kind: 'all', userId }, (sql) => sql.query(placeOf(userId, ticketId)));
  return row ?? null;
}
