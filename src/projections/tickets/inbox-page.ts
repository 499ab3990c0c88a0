/** One page of the inbox: its SQL, and its rows as text for the wire. */
import type { Caller } from '../../domain/staff/privileges.ts';
import { type TicketRights, rightsOn } from '../../domain/tickets/rights.ts';
import type { DeliveryStatus, Division } from '../../domain/vocabulary.ts';
import type { Statement } from '../../ports.ts';
import { DELIVERY_JOINS, furthestSql } from '../outbound/deliveries.ts';
import { type Filter, placeholders } from './inbox-filter.ts';
import { branches, type Source } from './inbox-source.ts';
import type { StoredTicket } from './ticket-object.ts';
import { named } from '../../engine/sql/statement-names.ts';
import { assembled } from '../../engine/sql/statement.ts';
import type { Kept } from '../outbound/replies.ts';
import type { Columns, Row } from '../../engine/sql/tables.ts';

/** A ticket, with the names of the people on it. */
export interface PageRow extends Columns<
  'read.tickets',
  { id: 'id'; at: 'last_activity_at'; assignedTo: 'assigned_to'; waitingFor: 'waiting_for' }
> {
  readonly assignedName: Row<'read.users'>['name'] | null;
  readonly waitingName: Row<'read.users'>['name'] | null;
  /** JSON text. */
  readonly card: string;
  /** What the person wrote who gave it to its agent. */
  readonly note: Kept['note'];
  readonly noteBy: Row<'read.users'>['name'] | null;
  readonly mayIdle: boolean;
}

/** A ticket as one reader sees it. */
export interface OwnPageRow extends PageRow {
  /** What the list is ordered by. */
  readonly key: Date;
  readonly unread: number;
  readonly earlier: number;
  readonly delivery: DeliveryStatus | null;
}

/** The last ticket of the page before. */
export interface After {
  readonly key: string;
  readonly id: string;
}

export interface PageRange {
  readonly limit: number;
  readonly offset: number;
  readonly after?: After | undefined;
  /** Only this one; the source is then `tickets` without tags, whatever tags the filter wants. */
  readonly ticketId?: string;
}

/** The planner must know roughly how many rows are wanted, and few texts should be prepared: steps. */
const stepAbove = (rows: number): number =>
  [1, 60, 210, 1_100, 11_000].find((step) => rows <= step) ?? 1_100_000;

/** PageRow, of the ticket `r`, its assignee `a` and the agent `w` it waits for. */
export const PAGE_COLUMNS = `r.id, r.last_activity_at as at, r.assigned_to as "assignedTo", a.name as "assignedName",
  r.waiting_for as "waitingFor", w.name as "waitingName", r.card::text as card,
  r.kept->'note' as note, (select n.name from read.users n where n.id = (r.kept->'note'->>'by')::uuid) as "noteBy",
  r.status in ('in_progress', 'awaiting_response') as "mayIdle"`;

/** How far the newest message of the ticket came; null where it is the customer's or the bot's. */
const DELIVERY_COLUMN = `(select case when m.sender_type in ('agent', 'sa') then coalesce(${furthestSql('s.status', 'd.status')},
    case when m.sender_id is null then 'sent' else 'queued' end) end
  from (select m.* from read.messages_l1 m where m.division = r.division and m.ticket_id = r.id
    order by m.sent_at desc, m.position desc, m.id desc limit 1) m
  ${DELIVERY_JOINS})`;

/** What is added of OwnPageRow, for the reader of this id. */
const ownColumns = (reader: string): string => `
  greatest(r.customer_messages - coalesce((select m.seen from read.ticket_reads m
    where m.division = r.division and m.user_id = ${reader} and m.ticket_id = r.id), 0), 0)::int as unread,
  (select count(*) from read.tickets p where p.division = r.division and p.customer_id = r.customer_id
    and p.created_at < r.created_at)::int as earlier,
  ${DELIVERY_COLUMN} as delivery`;

/**
 * The statement of a page: keys first, merged over the divisions; then the rows of that page only. Its text is put
 * together from pieces, because every shape of it was measured as it is (docs/design/performance.md#inbox-by-division).
 * @param filters lists that have no ticket in common, in one order
 * @param reader id of who reads
 */
export function pageStatement(
  divisions: readonly Division[],
  filters: readonly Filter[],
  source: Source,
  { limit, offset, after, ticketId }: PageRange,
  reader: string,
): Statement<OwnPageRow> {
  const params = placeholders();
  const { column, direction } = filters[0]?.order ?? { column: 'last_activity_at', direction: 'desc' };
  const beyond = direction === 'desc' ? '<' : '>';
  const start = after
    ? `(${params.add(after.key, 'timestamptz')}, ${params.add(after.id, 'uuid')})`
    : undefined;
  const one = ticketId === undefined ? undefined : params.add(ticketId, 'uuid');
  const selects = filters.flatMap((filter) => {
    // Who may see this ticket alone sees no side table; of one row its own tags are as quick.
    const ownTags =
      one === undefined || filter.tags.length === 0 ? undefined : params.add(filter.tags, 'text[]');
    const extra = (alias: string): string[] => [
      ...(start === undefined ? [] : [`(${alias}.${column}, ${alias}.id) ${beyond} ${start}`]),
      ...(one === undefined ? [] : [`${alias}.id = ${one}`]),
      ...(ownTags === undefined ? [] : [`${alias}.tags @> ${ownTags}`]),
    ];
    const key = (alias: string): string => `${alias}.division, ${alias}.${column} as key, ${alias}.id`;
    return branches(key, divisions, filter, source, params, extra);
  });
  if (selects.length === 0) return assembled('inbox_nothing', 'select where false', []);
  const order = (key: string, id: string): string => `${key} ${direction}, ${id} ${direction}`;
  const alias = source.way === 'tags' ? 'g' : 't';
  const step = `limit ${String(stepAbove(offset + limit))}`;
  // Ordered and limited each: else Postgres reads every branch to its end and sorts.
  const ordered = selects.map(
    (select) => `(${select} order by ${order(`${alias}.${column}`, `${alias}.id`)} ${step})`,
  );
  // `limit 1` and `offset 0` tell the planner that each key is one row, and to look up names after that: it would
  // guess one row for the whole page and read all of read.users for each.
  const text = `select ${PAGE_COLUMNS}, r.${column} as key, ${ownColumns(params.add(reader, 'uuid'))}
from (select t.* from (select k.* from (${ordered.join('\nunion all ')}) k
    order by ${order('k.key', 'k.id')} limit ${params.add(limit, 'int')} offset ${params.add(offset, 'int')}) p
  cross join lateral (select t.* from read.tickets t where t.division = p.division and t.id = p.id limit 1) t
  offset 0) r
left join read.users a on a.id = r.assigned_to left join read.users w on w.id = r.waiting_for
order by ${order(`r.${column}`, 'r.id')}`;
  return named('inbox_page', text, params.values);
}

const personText = (id: string | null, name: string | null): string =>
  id === null ? 'null' : `{"id":"${id}","name":${JSON.stringify(name ?? '')}}`;

/** A TicketObject as JSON text: the stored card, and what only this moment knows. */
export function ticketText(row: PageRow, idleBefore: string): string {
  const idle = row.mayIdle && row.at.toISOString() < idleBefore;
  const { note } = row;
  const by = note && personText(note.by, row.noteBy);
  const told = note ? `{"text":${JSON.stringify(note.text)},"by":${by ?? 'null'},"at":"${note.at}"}` : 'null';
  const rest = `"assignment_note":${told},"assigned_to":${personText(row.assignedTo, row.assignedName)},"waiting_for_agent":${personText(row.waitingFor, row.waitingName)},"is_idle":${String(idle)}`;
  return `${row.card.slice(0, -1)},${rest}}`;
}

/** What this person may do with it. */
export function rightsOf(row: PageRow, caller: Caller, now: string): TicketRights {
  const card = JSON.parse(row.card) as StoredTicket;
  return rightsOn(
    caller,
    {
      division: card.division,
      status: card.status,
      queueStatus: card.queue_status,
      assignee: row.assignedTo,
      hasWindow: card.channel === 'whatsapp',
      windowUntil: card.window_expires_at,
      optedOut: card.opted_out,
    },
    now,
  );
}

/** The same for one reader: with what they have not read, and what they may do. */
export function ownTicketText(row: OwnPageRow, idleBefore: string, caller: Caller, now: string): string {
  const own = `"last_delivery_status":${JSON.stringify(row.delivery)},"previous_ticket_count":${String(row.earlier)},"unread_count":${String(row.unread)},"can":${JSON.stringify(rightsOf(row, caller, now))}`;
  return `${ticketText(row, idleBefore).slice(0, -1)},${own}}`;
}
