/** The inbox in the address: tab and filters, and what they mean to the API (docs/design/dashboard.md#inbox). */
import type { Me, Ticket } from '../../lib/api.ts';
import { without } from '../../lib/collections.ts';
import { CHANNEL, STAGES, STATUS } from '../../lib/id.ts';

export const TABS = ['mine', 'waiting', 'free', 'queue', 'all', 'snoozed'] as const;
export type Tab = (typeof TABS)[number];

/** Names as on the wire. */
export interface DeskSearch {
  tab?: Tab;
  q?: string;
  division?: Ticket['division'];
  status?: Ticket['status'];
  queue_status?: NonNullable<Ticket['queue_status']>;
  channel?: Ticket['channel'];
  crm_stage?: Ticket['crm_stage'];
  assigned_to?: string;
  tag?: string;
  layer?: 'L2';
  /** The message of the open ticket that one came for. */
  message?: string;
}

const QUEUE = ['free', 'queued', 'assigned', 'off_hours'] as const;
const DIVISIONS = ['sari', 'savi', 'safia'] as const;

const oneOf = <T extends string>(list: readonly T[], value: unknown): T | undefined =>
  list.find((one) => one === value);
const keysOf = <T extends string>(of: Record<T, unknown>): T[] => Object.keys(of) as T[];
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

/** Anything else in an address is as if it were not there. */
export function deskSearch(search: Record<string, unknown>): DeskSearch {
  const found = {
    tab: oneOf(TABS, search['tab']),
    q: text(search['q']),
    division: oneOf(DIVISIONS, search['division']),
    status: oneOf(keysOf(STATUS), search['status']),
    queue_status: oneOf(QUEUE, search['queue_status']),
    channel: oneOf(keysOf(CHANNEL), search['channel']),
    crm_stage: oneOf(STAGES, search['crm_stage']),
    assigned_to: text(search['assigned_to']),
    tag: text(search['tag']),
    layer: oneOf(['L2'] as const, search['layer']),
    message: text(search['message']),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** Tabs of work are for those who work on tickets; a viewer sees all there is and no more. */
export function tabsOf({ privileges }: Me): readonly Tab[] {
  const works = privileges.includes('reply');
  const steers = privileges.includes('assign') || privileges.includes('self_takeover');
  return TABS.filter((tab) => tab === 'all' || (tab === 'free' || tab === 'queue' ? works || steers : works));
}

export const firstTab = (me: Me): Tab =>
  me.role === 'sales_agent' && me.privileges.includes('reply') ? 'mine' : 'all';

const OF_TAB: Record<Tab, Record<string, string>> = {
  mine: { assigned_to: 'me', open: 'true' },
  waiting: { waiting_for: 'me', open: 'true' },
  free: { queue_status: 'free' },
  queue: { queue_status: 'queued,off_hours', sort: 'created', order: 'asc' },
  all: {},
  snoozed: { assigned_to: 'me', snoozed: 'true', open: 'true' },
};

/** The same desk, at the first layer: what another ticket is opened with. */
export const withoutLayer = (search: DeskSearch): DeskSearch => without(search, 'layer', 'message');

/** What the API is asked. A filter narrows the tab; where both name the same, the filter counts. */
export function queryOf(search: DeskSearch, me: Me): Record<string, string> {
  const { tab = firstTab(me), tag, ...filters } = withoutLayer(search);
  return {
    limit: '50',
    // Leads see all divisions unless they ask for one; others have no choice.
    ...(me.role === 'super_admin' || me.role === 'team_lead' ? { division: 'all' } : {}),
    ...OF_TAB[tab],
    ...filters,
    ...(tag === undefined ? {} : { tags: tag }),
  };
}

export const FILTERS = [
  'division',
  'status',
  'queue_status',
  'channel',
  'crm_stage',
  'assigned_to',
  'tag',
] as const;
export type FilterName = (typeof FILTERS)[number];
export const filtersIn = (search: DeskSearch): number =>
  FILTERS.filter((name) => search[name] !== undefined).length;
