/** The sums that a division's figures are made from: six statements in one round trip, for any number of periods. */
import { sql } from 'kysely';
import type { Channel, Division } from '../../domain/vocabulary.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Sql } from '../../ports.ts';
import type { Calendar } from '../../domain/time/calendar.ts';
import {
  bucketColumns,
  inBuckets,
  type LabelledPeriod,
  type Sums,
  timeRangeColumns,
  timeRanges,
} from './buckets.ts';
import type { LostReason } from './figures.ts';

type Texts = readonly string[];

/** The label of the period that a row belongs to. */
interface Labelled {
  readonly label: string;
}

export type DaySums = Sums<
  'read.analytics_days',
  {
    leads: 'leads';
    valid: 'valid';
    resolved: 'resolved';
    won: 'won';
    lost: 'lost';
    revenue: 'revenue';
    cycleMs: 'cycle_ms';
    escalated: 'escalated';
    claimedSoon: 'claimed_soon';
  }
>;
export interface ChannelSums
  extends DaySums, Labelled, Columns<'read.analytics_days', { channel: 'channel' }> {
  readonly channel: Channel;
}
export interface ReasonSums extends Labelled, Sums<'read.analytics_reasons', { lost: 'lost' }> {
  readonly reason: LostReason;
}
export interface RouteSums
  extends
    Labelled,
    Columns<'read.analytics_routes', { origin: 'origin'; destination: 'destination' }>,
    Sums<'read.analytics_routes', { count: 'leads' }> {}
export interface BlastSums
  extends
    Labelled,
    Columns<'read.blast_days', { category: 'category' }>,
    Sums<'read.blast_days', { sent: 'sent'; responded: 'responded' }> {}

const ofDivisions = (divisions: Texts) => sql`t.division = any(${divisions}::text[])`;

const channelSums = statement(
  'analytics_channels',
  (labels: Texts, spans: Texts, from: Texts, to: Texts, divisions: Texts) =>
    sql<ChannelSums>`select b.label, t.channel, sum(t.leads)::float8 as leads, sum(t.valid)::float8 as valid,
  sum(t.resolved)::float8 as resolved, sum(t.won)::float8 as won, sum(t.lost)::float8 as lost,
  sum(t.revenue)::float8 as revenue, sum(t.cycle_ms)::float8 as "cycleMs",
  sum(t.escalated)::float8 as escalated, sum(t.claimed_soon)::float8 as "claimedSoon"
${inBuckets('read.analytics_days', [labels, spans, from, to], ofDivisions(divisions))}
group by b.label, t.channel`,
);

/** Leads, decisions and revenue of each period and channel. */
export const sumChannels = (
  on: Sql,
  divisions: readonly Division[],
  periods: readonly LabelledPeriod[],
): Promise<readonly ChannelSums[]> => on.query(channelSums(...bucketColumns(periods), divisions));

const reasonSums = statement(
  'analytics_reasons_sum',
  (labels: Texts, spans: Texts, from: Texts, to: Texts, divisions: Texts) =>
    sql<ReasonSums>`select b.label, t.reason, sum(t.lost)::float8 as lost
${inBuckets('read.analytics_reasons', [labels, spans, from, to], ofDivisions(divisions))}
group by b.label, t.reason`,
);

/** Lost tickets of each period and reason. */
export const sumReasons = (
  on: Sql,
  divisions: readonly Division[],
  periods: readonly LabelledPeriod[],
): Promise<readonly ReasonSums[]> => on.query(reasonSums(...bucketColumns(periods), divisions));

const MOST_ROUTES = 10;

const mostFrequentRoutes = statement(
  'analytics_routes_top',
  (labels: Texts, spans: Texts, from: Texts, to: Texts, divisions: Texts) =>
    sql<RouteSums>`select label, origin, destination, count from (
  select b.label, t.origin, t.destination, sum(t.leads)::float8 as count,
    row_number() over (partition by b.label order by sum(t.leads) desc, t.origin, t.destination) as place
  ${inBuckets('read.analytics_routes', [labels, spans, from, to], ofDivisions(divisions))}
  group by b.label, t.origin, t.destination) r
where place <= ${MOST_ROUTES} order by label, place`,
);

/** The ten most frequent routes of each period, most frequent first. */
export const topRoutes = (
  on: Sql,
  divisions: readonly Division[],
  periods: readonly LabelledPeriod[],
): Promise<readonly RouteSums[]> => on.query(mostFrequentRoutes(...bucketColumns(periods), divisions));

const blastSums = statement(
  'analytics_blasts',
  (labels: Texts, spans: Texts, from: Texts, to: Texts, divisions: Texts) =>
    sql<BlastSums>`select b.label, t.category, sum(t.sent)::float8 as sent, sum(t.responded)::float8 as responded
${inBuckets('read.blast_days', [labels, spans, from, to], ofDivisions(divisions))}
group by b.label, t.category`,
);

/** Blast messages by the day they were sent. The blasts view counts them, so a blast and its figures always agree. */
export const sumBlasts = (
  on: Sql,
  divisions: readonly Division[],
  periods: readonly LabelledPeriod[],
): Promise<readonly BlastSums[]> => on.query(blastSums(...bucketColumns(periods), divisions));

export interface ResolvedMedian extends Labelled {
  /** Minutes. */
  readonly median: number;
}

const resolvedMedians = statement(
  'analytics_resolved_median',
  (labels: Texts, spans: Texts, from: Texts, to: Texts, divisions: Texts) =>
    sql<ResolvedMedian>`select label, min(minutes) as median from (
  select label, minutes, sum(closed) over (partition by label order by minutes) as upto,
    sum(closed) over (partition by label) as total
  from (select b.label, t.minutes, sum(t.closed) as closed
    ${inBuckets('read.analytics_resolved', [labels, spans, from, to], ofDivisions(divisions))}
    group by b.label, t.minutes) h) c
where upto * 2 >= total group by label`,
);

/** How long half of the tickets that were closed in each period had been open at most. */
export const medianResolved = (
  on: Sql,
  divisions: readonly Division[],
  periods: readonly LabelledPeriod[],
): Promise<readonly ResolvedMedian[]> => on.query(resolvedMedians(...bucketColumns(periods), divisions));

export interface OptOuts extends Labelled {
  readonly customers: number;
}

const optOutCounts = statement(
  'analytics_opt_outs',
  (labels: Texts, from: readonly Date[], to: readonly Date[], divisions: Texts) =>
    sql<OptOuts>`select b.label, count(*)::int as customers
from ${timeRanges([labels, from, to])} join read.customers c on c.division = any(${divisions}::text[])
  and c.opted_out_at >= b.lo and c.opted_out_at < b.hi
where c.opted_out_at is not null and c.merged_into is null and not c.is_erased group by b.label`,
);

/** Customers who want no offers since a day of the period, and still do not. From the view of the customers. */
export const countOptOuts = (
  on: Sql,
  divisions: readonly Division[],
  periods: readonly LabelledPeriod[],
  calendar: Calendar,
): Promise<readonly OptOuts[]> => on.query(optOutCounts(...timeRangeColumns(periods, calendar), divisions));
