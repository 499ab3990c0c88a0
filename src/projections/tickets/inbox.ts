/** The inbox (docs/design/api.md#inbox): lists, one ticket, and which division a ticket is of. */
import { sql } from 'kysely';
import { type Division, DIVISIONS } from '../../domain/vocabulary.ts';
import { NOBODY, type ReadStore, type Scope, type Sql, type Statement } from '../../ports.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import {
  type Filter,
  filterOf,
  filtersOf,
  type Idleness,
  type InboxFilters,
  type InboxOrder,
  looksAtRows,
} from './inbox-filter.ts';
import { type After, type OwnPageRow, ownTicketText, pageStatement, ticketText } from './inbox-page.ts';
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
  /** Who reads: each ticket then says what they have not read and what they may do. */
  readonly caller?: Caller | undefined;
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

const idlenessOf = (idle: Idleness | undefined): Idleness =>
  idle ?? { now: new Date(), afterHours: IDLE_AFTER_HOURS };
const divisionsOf = (divisions: readonly Division[] | 'all'): readonly Division[] =>
  divisions === 'all' ? DIVISIONS : divisions;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A cursor is good for the order that it was made in. */
const cursorKind = ({ sort, direction }: InboxOrder): string =>
  sort === 'last_activity' && direction === 'desc' ? 'inbox' : `inbox-${sort}-${direction}`;

function afterOf(cursor: string | undefined, order: InboxOrder): After | undefined {
  if (cursor === undefined) return undefined;
  const [key = '', id = ''] = readCursor(cursorKind(order), cursor, [TIME, UUID]);
  if (Number.isNaN(Date.parse(key))) readCursor('inbox', '', []);
  return { key, id };
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
  // The small columns of the tag rows cannot answer it.
  if (looksAtRows(filter)) return { ...EVERY_TICKET, tags };
  if (tags.length === 0) return EVERY_TICKET;
  if (tags.length === 1) return { ...EVERY_TICKET, way: 'tags', tags };
  const counts = await countTags(sql, divisions, tags);
  const rarestFirst = [...tags].sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
  return { ...EVERY_TICKET, way: 'tags', tags: rarestFirst };
}

const inOrder =
  ({ direction }: InboxOrder) =>
  (a: OwnPageRow, b: OwnPageRow): number => {
    const ascending = a.key.getTime() - b.key.getTime() || (a.id < b.id ? -1 : 1);
    return direction === 'asc' ? ascending : -ascending;
  };

function isAfter(row: OwnPageRow, after: After | undefined, { direction }: InboxOrder): boolean {
  if (!after) return true;
  const difference = row.key.getTime() - Date.parse(after.key);
  const side = difference === 0 ? (row.id < after.id ? -1 : Number(row.id > after.id)) : difference;
  return direction === 'asc' ? side > 0 : side < 0;
}

/** Tickets of other divisions that are assigned to the reader and match: reached one by one, they are few. */
async function grantedRows(
  read: ReadStore,
  scope: Scope,
  grants: readonly Grant[],
  filters: readonly Filter[],
): Promise<readonly OwnPageRow[]> {
  const source: Source = { ...EVERY_TICKET, listed: filters[0]?.prefixes ?? [] };
  const range = { limit: 1, offset: 0 };
  const rows = await Promise.all(
    grants.map(({ ticketId, division }) =>
      read.scoped({ kind: 'ticket', division, ticketId, userId: scope.userId }, (sql) =>
        sql.query(pageStatement([division], filters, source, { ...range, ticketId }, scope.userId)),
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
  const idle = idlenessOf(query.idle);
  const filters = filtersOf(query, idle);
  const [first] = filters;
  const divisions = divisionsOf(query.divisions);
  const after = first && afterOf(query.cursor, first.order);
  const { limit } = query;
  const offset = after ? 0 : (query.offset ?? 0);
  if (!first || first.impossible || divisions.length === 0) return { json: '[]', total: 0, nextCursor: null };

  const found = await read.scoped(scope, async (sql) => {
    const walked = await divisionsToWalk(sql, divisions, filters);
    if (walked.length === 0) return undefined;
    const source = await sourceOf(sql, walked, filters.find(looksAtRows) ?? first);
    const page = (range: { limit: number; offset: number }): Statement<OwnPageRow> =>
      pageStatement(walked, filters, source, { ...range, after }, scope.userId);
    const [rows, count, grants] = await Promise.all([
      sql.query(page({ limit: limit + 1, offset })),
      totalOf(sql, walked, filters, source),
      grantsOf(sql, scope, divisions),
    ]);
    return { rows, count, grants, page };
  });
  if (!found) return { json: '[]', total: 0, nextCursor: null };
  const shown = (rows: readonly OwnPageRow[], total: number): InboxPage =>
    pageOf(rows, limit, total, first, query.caller, idle.now.toISOString());
  if (found.grants.length === 0) return shown(found.rows, found.count);

  const granted = await grantedRows(read, scope, found.grants, filters);
  let { rows } = found;
  if (granted.length > 0) {
    // The places of the granted ones among the others are known only from the beginning of the list.
    const fromStart =
      offset === 0
        ? rows
        : await read.scoped(scope, (sql) => sql.query(found.page({ limit: offset + limit + 1, offset: 0 })));
    const others = granted.filter((row) => isAfter(row, after, first.order));
    const merged = [...fromStart, ...others].sort(inOrder(first.order));
    rows = merged.slice(offset, offset + limit + 1);
  }
  return shown(rows, found.count + granted.length);
}

/** Divisions in which an assignee has no ticket need not be walked. */
async function divisionsToWalk(
  sql: Sql,
  divisions: readonly Division[],
  filters: readonly Filter[],
): Promise<readonly Division[]> {
  const [only, ...others] = filters;
  const assignee = only?.assignedTo;
  if (divisions.length === 1 || others.length > 0 || assignee === undefined) return divisions;
  return divisionsOfAssignee(sql, divisions, assignee);
}

async function totalOf(
  sql: Sql,
  divisions: readonly Division[],
  filters: readonly Filter[],
  source: Source,
): Promise<number> {
  const counts = await Promise.all(filters.map((filter) => total(sql, divisions, filter, source)));
  return counts.reduce((a, b) => a + b, 0);
}

/** How many tickets each of these lists has: what `listInbox` answers as their totals. Lists without tags and search. */
export async function countInbox<Name extends string>(
  read: ReadStore,
  scope: Scope,
  divisions: readonly Division[],
  lists: Readonly<Record<Name, Omit<InboxFilters, 'tags' | 'q'>>>,
  idle: Idleness,
): Promise<Readonly<Record<Name, number>>> {
  const wanted = Object.entries<InboxFilters>(lists).map(([name, list]) => ({
    name,
    filters: filtersOf(list, idle),
  }));
  const { counts, grants } = await read.scoped(scope, async (sql) => {
    const [numbers, own] = await Promise.all([
      Promise.all(wanted.map(({ filters }) => totalOf(sql, divisions, filters, EVERY_TICKET))),
      grantsOf(sql, scope, divisions),
    ]);
    return { counts: numbers, grants: own };
  });
  const more = await Promise.all(
    wanted.map(async ({ filters }) =>
      grants.length === 0 ? 0 : (await grantedRows(read, scope, grants, filters)).length,
    ),
  );
  return Object.fromEntries(
    wanted.map(({ name }, at) => [name, (counts[at] ?? 0) + (more[at] ?? 0)]),
  ) as Record<Name, number>;
}

function pageOf(
  rows: readonly OwnPageRow[],
  limit: number,
  count: number,
  { idleBefore, order }: Filter,
  caller: Caller | undefined,
  now: string,
): InboxPage {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const text = (row: OwnPageRow): string =>
    caller === undefined ? ticketText(row, idleBefore) : ownTicketText(row, idleBefore, caller, now);
  return {
    json: `[${page.map(text).join(',')}]`,
    total: count,
    nextCursor:
      rows.length > limit && last ? writeCursor(cursorKind(order), [last.key.toISOString(), last.id]) : null,
  };
}

/** One ticket as the scope shows it; null when it shows none such. */
export async function getTicket(
  read: ReadStore,
  scope: Scope,
  ticketId: string,
  idle?: Idleness,
  caller?: Caller,
): Promise<{ readonly json: string } | null> {
  const idleness = idlenessOf(idle);
  const filter = filterOf({}, idleness);
  const divisions = scope.kind === 'all' ? DIVISIONS : [scope.division as Division];
  const range = { limit: 1, offset: 0, ticketId };
  const page = pageStatement(divisions, [filter], EVERY_TICKET, range, scope.userId);
  const [row] = await read.scoped(scope, (sql) => sql.query(page));
  if (!row) return null;
  const now = idleness.now.toISOString();
  const { idleBefore } = filter;
  return {
    json: caller === undefined ? ticketText(row, idleBefore) : ownTicketText(row, idleBefore, caller, now),
  };
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

const lastWords = statement(
  'ticket_last_words',
  (division: Division, ticketId: string) => sql<{ readonly words: string | null }>`
select t.card->>'last_message_preview' as words from read.tickets t where t.division = ${division} and t.id = ${ticketId}`,
);

/** What was written last on a ticket, shortened; null: nothing. @throws StoreUnavailable */
export async function lastWordsOf(
  read: ReadStore,
  division: Division,
  ticketId: string,
): Promise<string | null> {
  const scope = { kind: 'division', division, userId: NOBODY } as const;
  const [row] = await read.scoped(scope, (on) => on.query(lastWords(division, ticketId)));
  return row?.words ?? null;
}
