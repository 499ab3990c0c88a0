/** The sums that agents' figures are made of. An agent may have had tickets of several divisions: all of them count. */
import type { Calendar } from '../../domain/time/calendar.ts';
import { DIVISIONS } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { bucketColumns, inBuckets, type Labelled, momentColumns, MOMENTS } from './buckets.ts';
import type { LostReason } from './figures.ts';

/** One agent, or null for all. */
export type Who = string | null;

interface OfAgent {
  readonly label: string;
  readonly agentId: string;
}
export interface DecidedSums extends OfAgent {
  readonly won: number;
  readonly lost: number;
  readonly revenue: number;
  readonly deals: number;
  readonly quotes: number;
  readonly discounts: number;
}
export interface ReasonSums extends OfAgent {
  readonly reason: LostReason;
  readonly lost: number;
}
export interface PickupSums extends OfAgent {
  readonly answered: number;
  readonly answeredMs: number;
  /** Answered within the limit. */
  readonly kept: number;
  /** Ended without an answer, after the limit. */
  readonly missed: number;
}
/** Waits that go on, and are past the limit by now. */
export interface OverdueSums extends OfAgent {
  readonly overdue: number;
}
export interface OnlineSums extends OfAgent {
  readonly onlineMs: number;
}

const from = (table: string): string =>
  inBuckets(table, 't.division = any($5::text[]) and ($6::uuid is null or t.agent_id = $6)');
const values = (periods: readonly Labelled[], who: Who): unknown[] => [
  ...bucketColumns(periods),
  DIVISIONS,
  who,
];

export const sumDecided = (
  sql: Sql,
  periods: readonly Labelled[],
  who: Who,
): Promise<readonly DecidedSums[]> =>
  sql.query<DecidedSums>({
    name: 'analytics_decided',
    text: `select b.label, t.agent_id as "agentId", sum(t.won)::float8 as won, sum(t.lost)::float8 as lost,
  sum(t.revenue)::float8 as revenue, sum(t.deals)::float8 as deals, sum(t.quotes)::float8 as quotes,
  sum(t.discounts)::float8 as discounts
${from('analytics_agent_days')} group by b.label, t.agent_id`,
    values: values(periods, who),
  });

export const sumReasonsOfAgents = (
  sql: Sql,
  periods: readonly Labelled[],
  who: Who,
): Promise<readonly ReasonSums[]> =>
  sql.query<ReasonSums>({
    name: 'analytics_agent_reasons',
    text: `select b.label, t.agent_id as "agentId", t.reason, sum(t.lost)::float8 as lost
${from('analytics_reasons')} group by b.label, t.agent_id, t.reason`,
    values: values(periods, who),
  });

export const sumPickups = (
  sql: Sql,
  periods: readonly Labelled[],
  who: Who,
  slaMinutes: number,
): Promise<readonly PickupSums[]> =>
  sql.query<PickupSums>({
    name: 'analytics_pickups_sum',
    text: `select b.label, t.agent_id as "agentId", sum(t.answered)::float8 as answered,
  sum(t.answered_ms)::float8 as "answeredMs",
  coalesce(sum(t.answered) filter (where t.minutes <= $7::int), 0)::float8 as kept,
  coalesce(sum(t.unanswered) filter (where t.minutes > $7::int), 0)::float8 as missed
${from('analytics_pickups')} group by b.label, t.agent_id`,
    values: [...values(periods, who), slaMinutes],
  });

export const sumOverdue = (
  sql: Sql,
  periods: readonly Labelled[],
  who: Who,
  before: Date,
  calendar: Calendar,
): Promise<readonly OverdueSums[]> =>
  sql.query<OverdueSums>({
    name: 'analytics_overdue',
    text: `select b.label, t.agent_id as "agentId", count(*)::int as overdue
from ${MOMENTS} join read.analytics_tickets t on t.division = any($4::text[])
  and t.picking_since >= b.lo and t.picking_since < b.hi
where t.picking_since is not null and t.picking_since < $5 and t.agent_id is not null
  and ($6::uuid is null or t.agent_id = $6)
group by b.label, t.agent_id`,
    values: [...momentColumns(periods, calendar), DIVISIONS, before, who],
  });

export const sumOnline = (sql: Sql, periods: readonly Labelled[], who: Who): Promise<readonly OnlineSums[]> =>
  sql.query<OnlineSums>({
    name: 'analytics_online',
    text: `select b.label, t.user_id as "agentId", sum(t.online_ms)::float8 as "onlineMs"
${inBuckets('analytics_presence', '($5::uuid is null or t.user_id = $5)')}
group by b.label, t.user_id`,
    values: [...bucketColumns(periods), who],
  });

/** Tickets that nobody touched since `before`, by who has them. */
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
