/** What an inbox query asks for, and what that means in SQL. */
import {
  type Channel,
  CHANNELS,
  CRM_STAGES,
  type Division,
  DIVISIONS,
  QUEUE_LABELS,
  QUEUE_STATUSES,
  type QueueLabel,
  type QueueStatus,
  TICKET_STATUSES,
} from '../../domain/vocabulary.ts';
import { nameKey } from '../../domain/settings/name-key.ts';
import { prefixesOf } from './search.ts';
import { storable } from '../../engine/sql/postgres-text.ts';

type Maybe<T> = T | undefined;
type Words<T> = Maybe<T | readonly T[]>;
type TicketStatus = (typeof TICKET_STATUSES)[number];

/** What a list can be ordered by (docs/design/api.md#inbox-order). */
export const SORTS = ['last_activity', 'waiting', 'created', 'queued'] as const;
export type Sort = (typeof SORTS)[number];

/** Filters narrow together (docs/design/api.md#inbox-filters). Of several words one must match. */
export interface InboxFilters {
  readonly status?: Words<TicketStatus>;
  readonly queueStatus?: Words<QueueStatus>;
  readonly queueLabel?: Words<QueueLabel>;
  readonly channel?: Words<Channel>;
  readonly crmStage?: Words<(typeof CRM_STAGES)[number]>;
  readonly open?: Maybe<boolean>;
  /** Every one must match. */
  readonly tags?: Maybe<readonly string[]>;
  /** A user's id; `none`: nobody has it. */
  readonly assignedTo?: Maybe<string>;
  /** A user's id. */
  readonly waitingFor?: Maybe<string>;
  /** A user's id: open tickets that they have, and those that wait for them. */
  readonly mineOf?: Maybe<string>;
  /** A user's id: open tickets with messages that they have not read. */
  readonly unreadBy?: Maybe<string>;
  readonly snoozed?: Maybe<boolean>;
  readonly isReturning?: Maybe<boolean>;
  readonly isOffHours?: Maybe<boolean>;
  readonly customerId?: Maybe<string>;
  /** ISO 8601, both inclusive. */
  readonly createdFrom?: Maybe<string>;
  readonly createdTo?: Maybe<string>;
  /** So many minutes the customer waits at least. */
  readonly waitingOverMin?: Maybe<number>;
  /** So many minutes it is in the queue at least. */
  readonly queuedOverMin?: Maybe<number>;
  /** Customer name or phone. */
  readonly q?: Maybe<string>;
  readonly isIdle?: Maybe<boolean>;
  readonly sort?: Maybe<Sort>;
  /** Default: what `sort` is for: newest or longest first. */
  readonly order?: Maybe<'asc' | 'desc'>;
}

export interface Idleness {
  readonly now: Date;
  readonly afterHours: number;
}

/** The column of a list's order. Those of `waiting` and `queued` have no value where nobody waits: such lists show those that do. */
export interface InboxOrder {
  readonly sort: Sort;
  readonly column: 'last_activity_at' | 'waiting_since' | 'created_at' | 'queued_at';
  readonly direction: 'asc' | 'desc';
}

const ORDERS: Readonly<Record<Sort, Omit<InboxOrder, 'sort'>>> = {
  last_activity: { column: 'last_activity_at', direction: 'desc' },
  waiting: { column: 'waiting_since', direction: 'asc' },
  created: { column: 'created_at', direction: 'desc' },
  queued: { column: 'queued_at', direction: 'asc' },
};

export interface Filter {
  readonly states: readonly TicketState[];
  /** Does it ask for some states only? */
  readonly narrowsState: boolean;
  readonly channels?: Maybe<readonly Channel[]>;
  readonly crmStages?: Maybe<readonly string[]>;
  readonly queueLabels?: Maybe<readonly QueueLabel[]>;
  readonly assignedTo?: Maybe<string>;
  readonly waitingFor?: Maybe<string>;
  readonly unreadBy?: Maybe<string>;
  /** Undefined: both, those put aside and the others. */
  readonly snoozed?: Maybe<boolean>;
  readonly isReturning?: Maybe<boolean>;
  readonly isOffHours?: Maybe<boolean>;
  readonly customerId?: Maybe<string>;
  readonly createdFrom?: Maybe<string>;
  readonly createdTo?: Maybe<string>;
  readonly waitingBefore?: Maybe<string>;
  readonly queuedBefore?: Maybe<string>;
  readonly isIdle?: Maybe<boolean>;
  readonly tags: readonly string[];
  /** Of the search; all must be found. */
  readonly prefixes: readonly string[];
  /** It asks for nothing that any ticket could have. */
  readonly impossible: boolean;
  readonly order: InboxOrder;
  /** An open assigned ticket without activity since then is idle. ISO 8601. */
  readonly idleBefore: string;
}

const wordsOf = <T extends string>(words: Words<T>): Maybe<readonly T[]> =>
  words === undefined ? undefined : [...new Set([words].flat() as T[])].sort();

/** The filter of a query, with the search cut into prefixes and the moment before which a ticket is idle. */
export function filterOf(filters: InboxFilters, idleness: Idleness): Filter {
  const { q, tags = [], isIdle, sort = 'last_activity', waitingOverMin, queuedOverMin } = filters;
  const { assignedTo, snoozed, open, unreadBy } = filters;
  const prefixes = q === undefined ? [] : prefixesOf(storable(q));
  const states = statesOf(filters);
  const before = (ms: number): string => new Date(idleness.now.getTime() - ms).toISOString();
  return {
    states,
    narrowsState: states.length < STATES.length || isIdle !== undefined,
    channels: wordsOf(filters.channel),
    crmStages: wordsOf(filters.crmStage),
    queueLabels: wordsOf(filters.queueLabel),
    assignedTo: assignedTo === NOT_ASSIGNED ? undefined : assignedTo,
    waitingFor: filters.waitingFor,
    unreadBy,
    // The lists of work leave out what was put aside (docs/design/business-rules.md#snooze).
    snoozed:
      snoozed ??
      (open === true || (assignedTo !== undefined && assignedTo !== NOT_ASSIGNED) ? false : undefined),
    isReturning: filters.isReturning,
    isOffHours: filters.isOffHours,
    customerId: filters.customerId,
    createdFrom: filters.createdFrom,
    createdTo: filters.createdTo,
    waitingBefore: waitingOverMin === undefined ? undefined : before(waitingOverMin * 60_000),
    queuedBefore: queuedOverMin === undefined ? undefined : before(queuedOverMin * 60_000),
    isIdle,
    tags: [...new Set(tags.map((tag) => nameKey(storable(tag))))].sort(),
    prefixes,
    impossible: q !== undefined && prefixes.length === 0,
    order: { sort, ...ORDERS[sort], ...(filters.order !== undefined && { direction: filters.order }) },
    idleBefore: before(idleness.afterHours * 3_600_000),
  };
}

export const NOT_ASSIGNED = 'none';

/** `view=mine` is two lists that have no ticket in common; every other query is one. */
export function filtersOf({ mineOf, ...filters }: InboxFilters, idleness: Idleness): readonly Filter[] {
  if (mineOf === undefined) return [filterOf(filters, idleness)];
  const parts: InboxFilters[] = [];
  if (filters.open === false) return [];
  if ((filters.assignedTo ?? mineOf) === mineOf) parts.push({ ...filters, open: true, assignedTo: mineOf });
  if (filters.assignedTo === undefined && (filters.waitingFor ?? mineOf) === mineOf)
    parts.push({ ...filters, open: true, waitingFor: mineOf });
  return parts.map((part) => filterOf(part, idleness));
}

/** Conditions of which no counter is kept and that small columns of the tag rows do not have. */
export const looksAtRows = (filter: Filter): boolean =>
  filter.order.sort !== 'last_activity' ||
  [
    filter.queueLabels,
    filter.waitingFor,
    filter.unreadBy,
    filter.isReturning,
    filter.isOffHours,
    filter.customerId,
    filter.createdFrom,
    filter.createdTo,
    filter.waitingBefore,
    filter.queuedBefore,
  ].some((each) => each !== undefined) ||
  filter.snoozed === true;

/** Does the filter ask for nothing but the search? */
export const onlySearches = (filter: Filter): boolean =>
  filter.tags.length === 0 &&
  !filter.narrowsState &&
  !looksAtRows(filter) &&
  [filter.channels, filter.crmStages, filter.assignedTo, filter.snoozed].every((each) => each === undefined);

/** status and queue_status of a ticket are always one of these pairs (ticket-row.ts). */
const STATES = [
  { status: 'new', queueStatus: 'free' },
  { status: 'new', queueStatus: 'queued' },
  { status: 'new', queueStatus: 'off_hours' },
  { status: 'in_progress', queueStatus: 'assigned' },
  { status: 'awaiting_response', queueStatus: 'assigned' },
  { status: 'closed', queueStatus: 'assigned' },
  { status: 'closed', queueStatus: 'free' },
] as const;

export interface TicketState {
  readonly status: (typeof TICKET_STATUSES)[number];
  readonly queueStatus: (typeof QUEUE_STATUSES)[number];
  /** Only the idle ones of these, or only those that are not; undefined: all. */
  readonly idle?: boolean;
}

const mayIdle = ({ status }: TicketState): boolean =>
  status === 'in_progress' || status === 'awaiting_response';

/** The states that a query lets through. */
function statesOf({ status, queueStatus, open, assignedTo, unreadBy }: InboxFilters): readonly TicketState[] {
  const statuses = wordsOf(status);
  const queues = wordsOf(queueStatus);
  const isOpen = unreadBy === undefined ? open : (open ?? true);
  return STATES.filter((state) => {
    const closed = state.status === 'closed';
    if (statuses && !statuses.includes(state.status)) return false;
    // A closed ticket is in no queue.
    if (queues && (closed || !queues.includes(state.queueStatus))) return false;
    if (isOpen !== undefined && closed === isOpen) return false;
    return assignedTo !== NOT_ASSIGNED || state.queueStatus !== 'assigned';
  });
}

/** The states that a filter lets through, with what is idle of them. */
export function ticketStatesOf(filter: Filter): readonly TicketState[] {
  const { isIdle, states } = filter;
  if (isIdle === undefined) return states;
  return states
    .filter((state) => !isIdle || mayIdle(state))
    .map((state) => (mayIdle(state) ? { ...state, idle: isIdle } : state));
}

const CLOSED_WORDS: ReadonlySet<string> = new Set([
  ...DIVISIONS,
  ...TICKET_STATUSES,
  ...QUEUE_STATUSES,
  ...QUEUE_LABELS,
  ...CHANNELS,
  ...CRM_STAGES,
]);

/**
 * Words of the closed lists are in the text of a statement, not in its values: the planner prunes partitions,
 * knows how rare each is and may use partial indexes, also in a prepared plan.
 * @throws RangeError for any other word
 */
export function literal(word: string): string {
  if (!CLOSED_WORDS.has(word)) throw new RangeError('not a word of the closed lists');
  return `'${word}'`;
}

/** Collects the values of a statement. */
export function placeholders() {
  const values: unknown[] = [];
  return {
    values,
    add: (value: unknown, type: string): string => `$${String(values.push(value))}::${type}`,
  };
}
export type Placeholders = ReturnType<typeof placeholders>;

/**
 * The condition that a row is in this state.
 * @param alias of the table
 * @param idleBefore placeholder of the moment before which a ticket is idle
 */
export function ticketStateSql(
  alias: string,
  { status, queueStatus, idle }: TicketState,
  idleBefore: string,
): string {
  const base = `${alias}.status = ${literal(status)} and ${alias}.queue_status = ${literal(queueStatus)}`;
  if (idle === undefined) return base;
  return `${base} and ${alias}.last_activity_at ${idle ? '<' : '>='} ${idleBefore}`;
}

const oneOf = (column: string, words: readonly string[]): string =>
  words.length === 1
    ? `${column} = ${literal(words[0] ?? '')}`
    : `${column} in (${words.map(literal).join(', ')})`;

/** The conditions on one division's rows that do not depend on how they are found. */
export function commonSql(alias: string, division: Division, filter: Filter, params: Placeholders): string[] {
  const conditions = [`${alias}.division = ${literal(division)}`];
  if (filter.channels) conditions.push(oneOf(`${alias}.channel`, filter.channels));
  if (filter.crmStages) conditions.push(oneOf(`${alias}.crm_stage`, filter.crmStages));
  if (filter.assignedTo !== undefined)
    conditions.push(`${alias}.assigned_to = ${params.add(filter.assignedTo, 'uuid')}`);
  if (filter.snoozed === false)
    conditions.push(
      alias === 't'
        ? 't.snoozed_until is null'
        : `not exists (select from read.tickets s where s.division = ${literal(division)} and s.id = ${alias}.id and s.snoozed_until is not null)`,
    );
  return conditions;
}

/** The conditions that only the rows of `t` themselves can answer. */
export function rowSql(division: Division, filter: Filter, params: Placeholders): string[] {
  const conditions: string[] = [];
  if (filter.order.sort === 'waiting' || filter.order.sort === 'queued')
    conditions.push(`t.${filter.order.column} is not null`);
  if (filter.queueLabels) conditions.push(oneOf('t.queue_label', filter.queueLabels));
  if (filter.waitingFor !== undefined)
    conditions.push(`t.waiting_for = ${params.add(filter.waitingFor, 'uuid')}`);
  if (filter.snoozed === true) conditions.push('t.snoozed_until is not null');
  if (filter.isReturning !== undefined)
    conditions.push(filter.isReturning ? 't.is_returning' : 'not t.is_returning');
  if (filter.isOffHours !== undefined)
    conditions.push(filter.isOffHours ? 't.is_off_hours' : 'not t.is_off_hours');
  if (filter.customerId !== undefined)
    conditions.push(`t.customer_id = ${params.add(filter.customerId, 'uuid')}`);
  if (filter.createdFrom !== undefined)
    conditions.push(`t.created_at >= ${params.add(filter.createdFrom, 'timestamptz')}`);
  if (filter.createdTo !== undefined)
    conditions.push(`t.created_at <= ${params.add(filter.createdTo, 'timestamptz')}`);
  if (filter.waitingBefore !== undefined)
    conditions.push(`t.waiting_since <= ${params.add(filter.waitingBefore, 'timestamptz')}`);
  if (filter.queuedBefore !== undefined)
    conditions.push(`t.queued_at <= ${params.add(filter.queuedBefore, 'timestamptz')}`);
  if (filter.unreadBy !== undefined)
    conditions.push(
      't.customer_messages > 0',
      `not exists (select from read.ticket_reads m where m.division = ${literal(division)} and m.user_id = ${params.add(filter.unreadBy, 'uuid')}
      and m.ticket_id = t.id and m.seen >= t.customer_messages)`,
    );
  return conditions;
}
