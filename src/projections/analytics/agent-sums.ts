/** The sums that agents' figures are made from. An agent may have had tickets of several divisions: all of them count. */
import type { Calendar } from '../../domain/time/calendar.ts';
import { DIVISIONS } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { bucketColumns, inBuckets, type LabelledPeriod, timeRangeColumns, TIME_RANGES } from './buckets.ts';
import type { LostReason } from './figures.ts';

/** The id of one agent; null: all agents. */
export type AgentFilter = string | null;

interface AgentRow {
  readonly label: string;
  readonly agentId: string;
}
export interface DecidedSums extends AgentRow {
  readonly won: number;
  readonly lost: number;
  readonly revenue: number;
  readonly deals: number;
  readonly quotes: number;
  readonly discounts: number;
}
export interface ReasonSums extends AgentRow {
  readonly reason: LostReason;
  readonly lost: number;
}
export interface PickupSums extends AgentRow {
  readonly answered: number;
  readonly answeredMs: number;
  /** Replies within the limit. */
  readonly kept: number;
  /** Waits that ended without a reply, after the limit. */
  readonly missed: number;
}
/** Waits that are still open and already longer than the limit. */
export interface OverdueSums extends AgentRow {
  readonly overdue: number;
}
export interface OnlineSums extends AgentRow {
  readonly onlineMs: number;
}

const agentRowsOf = (table: string): string =>
  inBuckets(table, 't.division = any($5::text[]) and ($6::uuid is null or t.agent_id = $6)');
const agentValues = (periods: readonly LabelledPeriod[], agentId: AgentFilter): unknown[] => [
  ...bucketColumns(periods),
  DIVISIONS,
  agentId,
];

/** Won and lost tickets of each period and agent, with revenue, quotes and discounts in rupiah. */
export const sumDecided = (
  sql: Sql,
  periods: readonly LabelledPeriod[],
  agentId: AgentFilter,
): Promise<readonly DecidedSums[]> =>
  sql.query<DecidedSums>({
    name: 'analytics_decided',
    text: `select b.label, t.agent_id as "agentId", sum(t.won)::float8 as won, sum(t.lost)::float8 as lost,
  sum(t.revenue)::float8 as revenue, sum(t.deals)::float8 as deals, sum(t.quotes)::float8 as quotes,
  sum(t.discounts)::float8 as discounts
${agentRowsOf('analytics_agent_days')} group by b.label, t.agent_id`,
    values: agentValues(periods, agentId),
  });

/** Lost tickets of each period, agent and reason. */
export const sumReasonsOfAgents = (
  sql: Sql,
  periods: readonly LabelledPeriod[],
  agentId: AgentFilter,
): Promise<readonly ReasonSums[]> =>
  sql.query<ReasonSums>({
    name: 'analytics_agent_reasons',
    text: `select b.label, t.agent_id as "agentId", t.reason, sum(t.lost)::float8 as lost
${agentRowsOf('analytics_reasons')} group by b.label, t.agent_id, t.reason`,
    values: agentValues(periods, agentId),
  });

/**
 * Waits for a first reply that ended, by the period in which they began (contract.md 7, 'pickup time').
 * @param slaMinutes SLA_PICKUP_MINUTES
 */
export const sumPickups = (
  sql: Sql,
  periods: readonly LabelledPeriod[],
  agentId: AgentFilter,
  slaMinutes: number,
): Promise<readonly PickupSums[]> =>
  sql.query<PickupSums>({
    name: 'analytics_pickups_sum',
    text: `select b.label, t.agent_id as "agentId", sum(t.answered)::float8 as answered,
  sum(t.answered_ms)::float8 as "answeredMs",
  coalesce(sum(t.answered) filter (where t.minutes <= $7::int), 0)::float8 as kept,
  coalesce(sum(t.unanswered) filter (where t.minutes > $7::int), 0)::float8 as missed
${agentRowsOf('analytics_pickups')} group by b.label, t.agent_id`,
    values: [...agentValues(periods, agentId), slaMinutes],
  });

/** Waits that began before `before` and are still open. */
export const sumOverdue = (
  sql: Sql,
  periods: readonly LabelledPeriod[],
  agentId: AgentFilter,
  before: Date,
  calendar: Calendar,
): Promise<readonly OverdueSums[]> =>
  sql.query<OverdueSums>({
    name: 'analytics_overdue',
    text: `select b.label, t.agent_id as "agentId", count(*)::int as overdue
from ${TIME_RANGES} join read.analytics_tickets t on t.division = any($4::text[])
  and t.picking_since >= b.lo and t.picking_since < b.hi
where t.picking_since is not null and t.picking_since < $5 and t.agent_id is not null
  and ($6::uuid is null or t.agent_id = $6)
group by b.label, t.agent_id`,
    values: [...timeRangeColumns(periods, calendar), DIVISIONS, before, agentId],
  });

/** Time online within office hours of each period and agent, for the times online that have ended. */
export const sumOnline = (
  sql: Sql,
  periods: readonly LabelledPeriod[],
  agentId: AgentFilter,
): Promise<readonly OnlineSums[]> =>
  sql.query<OnlineSums>({
    name: 'analytics_online',
    text: `select b.label, t.user_id as "agentId", sum(t.online_ms)::float8 as "onlineMs"
${inBuckets('analytics_presence', '($5::uuid is null or t.user_id = $5)')}
group by b.label, t.user_id`,
    values: [...bucketColumns(periods), agentId],
  });

/** Open tickets without activity since `before`, by the agent who has them. */
export const countIdle = (
  sql: Sql,
  before: Date,
): Promise<readonly { readonly agentId: string; readonly idle: number }[]> =>
  sql.query({
    name: 'analytics_idle',
    text: `select t.assigned_to as "agentId", count(*)::int as idle from read.tickets t
where t.division = any($1::text[]) and t.status = any(array['in_progress', 'awaiting_response'])
  and t.queue_status = 'assigned' and t.last_activity_at < $2 and t.assigned_to is not null
group by t.assigned_to`,
    values: [DIVISIONS, before],
  });
