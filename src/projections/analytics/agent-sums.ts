/** The sums that agents' figures are made from. An agent may have had tickets of several divisions: all of them count. */
import { sql } from 'kysely';
import type { Calendar } from '../../domain/time/calendar.ts';
import { DIVISIONS } from '../../domain/vocabulary.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Sql } from '../../ports.ts';
import {
  bucketColumns,
  type BucketColumns,
  inBuckets,
  type LabelledPeriod,
  type Sums,
  timeRangeColumns,
  timeRanges,
} from './buckets.ts';
import type { LostReason } from './figures.ts';

/** The id of one agent; null: all agents. */
export type AgentFilter = string | null;

type Texts = readonly string[];

/** Whose sums, and of which period. */
interface OfAgent extends Columns<'read.analytics_agent_days', { agentId: 'agent_id' }> {
  readonly label: string;
}
export interface DecidedSums
  extends
    OfAgent,
    Sums<
      'read.analytics_agent_days',
      {
        won: 'won';
        lost: 'lost';
        revenue: 'revenue';
        deals: 'deals';
        quotes: 'quotes';
        discounts: 'discounts';
      }
    > {}
export interface AgentReasonSums extends OfAgent, Sums<'read.analytics_reasons', { lost: 'lost' }> {
  readonly reason: LostReason;
}
/** `kept`: replies within the limit. `missed`: waits that ended without a reply, after the limit. */
export interface PickupSums
  extends
    OfAgent,
    Sums<
      'read.analytics_pickups',
      { answered: 'answered'; answeredMs: 'answered_ms'; kept: 'answered'; missed: 'unanswered' }
    > {}
/** Waits that are still open and already longer than the limit. */
export interface OverdueSums extends OfAgent {
  readonly overdue: number;
}
export interface OnlineSums extends OfAgent, Sums<'read.analytics_presence', { onlineMs: 'online_ms' }> {}

const agentRows = (
  table: Parameters<typeof inBuckets>[0],
  buckets: BucketColumns,
  divisions: Texts,
  agentId: AgentFilter,
) =>
  inBuckets(
    table,
    buckets,
    sql`t.division = any(${divisions}::text[]) and (${agentId}::uuid is null or t.agent_id = ${agentId})`,
  );

const decidedSums = statement(
  'analytics_decided',
  (labels: Texts, spans: Texts, from: Texts, to: Texts, divisions: Texts, agentId: AgentFilter) =>
    sql<DecidedSums>`select b.label, t.agent_id as "agentId", sum(t.won)::float8 as won, sum(t.lost)::float8 as lost,
  sum(t.revenue)::float8 as revenue, sum(t.deals)::float8 as deals, sum(t.quotes)::float8 as quotes,
  sum(t.discounts)::float8 as discounts
${agentRows('read.analytics_agent_days', [labels, spans, from, to], divisions, agentId)} group by b.label, t.agent_id`,
);

/** Won and lost tickets of each period and agent, with revenue, quotes and discounts in rupiah. */
export const sumDecided = (
  on: Sql,
  periods: readonly LabelledPeriod[],
  agentId: AgentFilter,
): Promise<readonly DecidedSums[]> => on.query(decidedSums(...bucketColumns(periods), DIVISIONS, agentId));

const reasonSums = statement(
  'analytics_agent_reasons',
  (labels: Texts, spans: Texts, from: Texts, to: Texts, divisions: Texts, agentId: AgentFilter) =>
    sql<AgentReasonSums>`select b.label, t.agent_id as "agentId", t.reason, sum(t.lost)::float8 as lost
${agentRows('read.analytics_reasons', [labels, spans, from, to], divisions, agentId)} group by b.label, t.agent_id, t.reason`,
);

/** Lost tickets of each period, agent and reason. */
export const sumReasonsOfAgents = (
  on: Sql,
  periods: readonly LabelledPeriod[],
  agentId: AgentFilter,
): Promise<readonly AgentReasonSums[]> => on.query(reasonSums(...bucketColumns(periods), DIVISIONS, agentId));

const pickupSums = statement(
  'analytics_pickups_sum',
  (
    labels: Texts,
    spans: Texts,
    from: Texts,
    to: Texts,
    divisions: Texts,
    agentId: AgentFilter,
    slaMinutes: number,
  ) =>
    sql<PickupSums>`select b.label, t.agent_id as "agentId", sum(t.answered)::float8 as answered,
  sum(t.answered_ms)::float8 as "answeredMs",
  coalesce(sum(t.answered) filter (where t.minutes <= ${slaMinutes}::int), 0)::float8 as kept,
  coalesce(sum(t.unanswered) filter (where t.minutes > ${slaMinutes}::int), 0)::float8 as missed
${agentRows('read.analytics_pickups', [labels, spans, from, to], divisions, agentId)} group by b.label, t.agent_id`,
);

/**
 * Waits for a first reply that ended, by the period in which they began (docs/design/api.md#pickup-time).
 * @param slaMinutes SLA_PICKUP_MINUTES
 */
export const sumPickups = (
  on: Sql,
  periods: readonly LabelledPeriod[],
  agentId: AgentFilter,
  slaMinutes: number,
): Promise<readonly PickupSums[]> =>
  on.query(pickupSums(...bucketColumns(periods), DIVISIONS, agentId, slaMinutes));

const overdueSums = statement(
  'analytics_overdue',
  (
    labels: Texts,
    from: readonly Date[],
    to: readonly Date[],
    divisions: Texts,
    before: Date,
    agentId: AgentFilter,
  ) =>
    sql<OverdueSums>`select b.label, t.agent_id as "agentId", count(*)::int as overdue
from ${timeRanges([labels, from, to])} join read.analytics_tickets t on t.division = any(${divisions}::text[])
  and t.picking_since >= b.lo and t.picking_since < b.hi
where t.picking_since is not null and t.picking_since < ${before} and t.agent_id is not null
  and (${agentId}::uuid is null or t.agent_id = ${agentId})
group by b.label, t.agent_id`,
);

/** Waits that began before `before` and are still open. */
export const sumOverdue = (
  on: Sql,
  periods: readonly LabelledPeriod[],
  agentId: AgentFilter,
  before: Date,
  calendar: Calendar,
): Promise<readonly OverdueSums[]> =>
  on.query(overdueSums(...timeRangeColumns(periods, calendar), DIVISIONS, before, agentId));

const onlineSums = statement(
  'analytics_online',
  (labels: Texts, spans: Texts, from: Texts, to: Texts, userId: AgentFilter) =>
    sql<OnlineSums>`select b.label, t.user_id as "agentId", sum(t.online_ms)::float8 as "onlineMs"
${inBuckets(
  'read.analytics_presence',
  [labels, spans, from, to],
  sql`(${userId}::uuid is null or t.user_id = ${userId})`,
)}
group by b.label, t.user_id`,
);

/** Time online within office hours of each period and agent, for the times online that have ended. */
export const sumOnline = (
  on: Sql,
  periods: readonly LabelledPeriod[],
  agentId: AgentFilter,
): Promise<readonly OnlineSums[]> => on.query(onlineSums(...bucketColumns(periods), agentId));

interface IdleCount {
  readonly agentId: string;
  readonly idle: number;
}

const idleCounts = statement(
  'analytics_idle',
  (divisions: Texts, before: Date) =>
    sql<IdleCount>`select t.assigned_to as "agentId", count(*)::int as idle from read.tickets t
where t.division = any(${divisions}::text[]) and t.status = any(array['in_progress', 'awaiting_response'])
  and t.queue_status = 'assigned' and t.last_activity_at < ${before} and t.assigned_to is not null
group by t.assigned_to`,
);

/** Open tickets without activity since `before`, by the agent who has them. */
export const countIdle = (on: Sql, before: Date): Promise<readonly IdleCount[]> =>
  on.query(idleCounts(DIVISIONS, before));
