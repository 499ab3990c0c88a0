/** What an inbox query asks for, and what that means in SQL. */
import {
  type Channel,
  CHANNELS,
  CRM_STAGES,
  type Division,
  DIVISIONS,
  QUEUE_STATUSES,
  TICKET_STATUSES,
} from '../../domain/vocabulary.ts';
import { prefixesOf } from './search.ts';
import { storable } from '../../engine/sql/postgres-text.ts';

type Maybe<T> = T | undefined;

/** Filters narrow together (docs/design/api.md#inbox-filters). */
export interface InboxFilters {
  readonly status?: Maybe<(typeof TICKET_STATUSES)[number]>;
  readonly queueStatus?: Maybe<(typeof QUEUE_STATUSES)[number]>;
  /** Every one must match. */
  readonly tags?: Maybe<readonly string[]>;
  readonly channel?: Maybe<Channel>;
  readonly crmStage?: Maybe<(typeof CRM_STAGES)[number]>;
  /** A user's id. */
  readonly assignedTo?: Maybe<string>;
  /** Customer name or phone. */
  readonly q?: Maybe<string>;
  readonly isIdle?: Maybe<boolean>;
}

export interface Idleness {
  readonly now: Date;
  readonly afterHours: number;
}

export interface Filter extends Omit<InboxFilters, 'q' | 'tags'> {
  readonly tags: readonly string[];
  /** Of the search; all must be found. */
  readonly prefixes: readonly string[];
  /** The search asks for nothing that any ticket could have. */
  readonly impossible: boolean;
  /** An open assigned ticket without activity since then is idle. ISO 8601. */
  readonly idleBefore: string;
}

/** The filter of a query, with the search cut into prefixes and the moment before which a ticket is idle. */
export function filterOf(filters: InboxFilters, idleness: Idleness): Filter {
  const { status, queueStatus, channel, crmStage, assignedTo, isIdle, q, tags = [] } = filters;
  const prefixes = q === undefined ? [] : prefixesOf(storable(q));
  return {
    status,
    queueStatus,
    channel,
    crmStage,
    assignedTo,
    isIdle,
    tags: [...new Set(tags.map(storable))].sort(),
    prefixes,
    impossible: q !== undefined && prefixes.length === 0,
    idleBefore: new Date(idleness.now.getTime() - idleness.afterHours * 3_600_000).toISOString(),
  };
}

/** Does the filter ask for nothing but the search? */
export const onlySearches = (filter: Filter): boolean =>
  filter.tags.length === 0 &&
  [
    filter.status,
    filter.queueStatus,
    filter.channel,
    filter.crmStage,
    filter.assignedTo,
    filter.isIdle,
  ].every((each) => each === undefined);

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

/** The states that a filter lets through. */
export function ticketStatesOf(filter: Filter): readonly TicketState[] {
  const through = STATES.filter(
    ({ status, queueStatus }) =>
      (filter.status ?? status) === status && (filter.queueStatus ?? queueStatus) === queueStatus,
  );
  const { isIdle } = filter;
  if (isIdle === undefined) return through;
  return through
    .filter((state) => !isIdle || mayIdle(state))
    .map((state) => (mayIdle(state) ? { ...state, idle: isIdle } : state));
}

/** Does the filter ask for some states only? */
export const narrowsTicketState = (filter: Filter): boolean =>
  filter.status !== undefined || filter.queueStatus !== undefined || filter.isIdle !== undefined;

const CLOSED_WORDS: ReadonlySet<string> = new Set([
  ...DIVISIONS,
  ...TICKET_STATUSES,
  ...QUEUE_STATUSES,
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

/** The conditions on one division's rows that do not depend on how they are found. */
export function commonSql(alias: string, division: Division, filter: Filter, params: Placeholders): string[] {
  const conditions = [`${alias}.division = ${literal(division)}`];
  if (filter.channel) conditions.push(`${alias}.channel = ${literal(filter.channel)}`);
  if (filter.crmStage) conditions.push(`${alias}.crm_stage = ${literal(filter.crmStage)}`);
  if (filter.assignedTo !== undefined)
    conditions.push(`${alias}.assigned_to = ${params.add(filter.assignedTo, 'uuid')}`);
  return conditions;
}
