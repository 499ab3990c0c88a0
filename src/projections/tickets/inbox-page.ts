/** One page of the inbox: its SQL, and its rows as text for the wire. */
import type { Division } from '../../domain/vocabulary.ts';
import type { Statement } from '../../ports.ts';
import { type Filter, placeholders } from './inbox-filter.ts';
import { branches, type Source } from './inbox-source.ts';
import { named } from '../../engine/sql/statement-names.ts';
import { assembled } from '../../engine/sql/statement.ts';
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
  readonly mayIdle: boolean;
}

/** The last ticket of the page before. */
export interface After {
  readonly at: string;
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
const PAGE_COLUMNS = `r.id, r.last_activity_at as at, r.assigned_to as "assignedTo", a.name as "assignedName",
  r.waiting_for as "waitingFor", w.name as "waitingName", r.card::text as card,
  r.status in ('in_progress', 'awaiting_response') as "mayIdle"`;

/**
 * The statement of a page: keys first, merged over the divisions; then the rows of that page only. Its text is put
 * together from pieces, because every shape of it was measured as it is (docs/design/performance.md#inbox-by-division).
 */
export function pageStatement(
  divisions: readonly Division[],
  filter: Filter,
  source: Source,
  { limit, offset, after, ticketId }: PageRange,
): Statement<PageRow> {
  const params = placeholders();
  const start = after
    ? `(${params.add(after.at, 'timestamptz')}, ${params.add(after.id, 'uuid')})`
    : undefined;
  const one = ticketId === undefined ? undefined : params.add(ticketId, 'uuid');
  // Who may see this ticket alone sees no side table; of one row its own tags are as quick.
  const ownTags =
    one === undefined || filter.tags.length === 0 ? undefined : params.add(filter.tags, 'text[]');
  const extra = (alias: string): string[] => [
    ...(start === undefined ? [] : [`(${alias}.last_activity_at, ${alias}.id) < ${start}`]),
    ...(one === undefined ? [] : [`${alias}.id = ${one}`]),
    ...(ownTags === undefined ? [] : [`${alias}.tags @> ${ownTags}`]),
  ];
  const selects = branches(
    (alias) => `${alias}.division, ${alias}.last_activity_at, ${alias}.id`,
    divisions,
    filter,
    source,
    params,
    extra,
  );
  if (selects.length === 0) return assembled('inbox_nothing', 'select where false', []);
  const order = (alias: string): string => `${alias}.last_activity_at desc, ${alias}.id desc`;
  const step = `limit ${String(stepAbove(offset + limit))}`;
  // Ordered and limited each: else Postgres reads every branch to its end and sorts.
  const ordered = selects.map(
    (one) => `(${one} order by ${order(source.way === 'tags' ? 'g' : 't')} ${step})`,
  );
  // `limit 1` and `offset 0` tell the planner that each key is one row, and to look up names after that: it would
  // guess one row for the whole page and read all of read.users for each.
  const text = `select ${PAGE_COLUMNS}
from (select t.* from (select k.* from (${ordered.join('\nunion all ')}) k
    order by ${order('k')} limit ${params.add(limit, 'int')} offset ${params.add(offset, 'int')}) p
  cross join lateral (select t.* from read.tickets t where t.division = p.division and t.id = p.id limit 1) t
  offset 0) r
left join read.users a on a.id = r.assigned_to left join read.users w on w.id = r.waiting_for
order by ${order('r')}`;
  return named('inbox_page', text, params.values);
}

const personText = (id: string | null, name: string | null): string =>
  id === null ? 'null' : `{"id":"${id}","name":${JSON.stringify(name ?? '')}}`;

/** A TicketObject as JSON text: the stored card, and what only this moment knows. */
export function ticketText(row: PageRow, idleBefore: string): string {
  const idle = row.mayIdle && row.at.toISOString() < idleBefore;
  const rest = `"assigned_to":${personText(row.assignedTo, row.assignedName)},"waiting_for_agent":${personText(row.waitingFor, row.waitingName)},"is_idle":${String(idle)}`;
  return `${row.card.slice(0, -1)},${rest}}`;
}
