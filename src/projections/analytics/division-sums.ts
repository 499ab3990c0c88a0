/** The sums that a division's figures are made from: four statements in one round trip, for any number of periods. */
import type { Channel, Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { bucketColumns, inBuckets, type LabelledPeriod } from './buckets.ts';
import type { LostReason, RouteCount } from './figures.ts';

export interface DaySums {
  readonly leads: number;
  readonly valid: number;
  readonly resolved: number;
  readonly won: number;
  readonly lost: number;
  readonly revenue: number;
  readonly cycleMs: number;
}
export interface ChannelSums extends DaySums {
  readonly label: string;
  readonly channel: Channel;
}

const OF_DIVISIONS = 't.division = any($5::text[])';

const CHANNEL_SUMS = `select b.label, t.channel, sum(t.leads)::float8 as leads, sum(t.valid)::float8 as valid,
  sum(t.resolved)::float8 as resolved, sum(t.won)::float8 as won, sum(t.lost)::float8 as lost,
  sum(t.revenue)::float8 as revenue, sum(t.cycle_ms)::float8 as "cycleMs"
${inBuckets('analytics_days', OF_DIVISIONS)}
group by b.label, t.channel`;

/** Leads, decisions and revenue of each period and channel. */
export const sumChannels = (
  sql: Sql,
  divisions: readonly Division[],
  periods: readonly LabelledPeriod[],
): Promise<readonly ChannelSums[]> =>
  sql.query<ChannelSums>({
    name: 'analytics_channels',
    text: CHANNEL_SUMS,
    values: [...bucketColumns(periods), divisions],
  });

export interface ReasonSum {
  readonly label: string;
  readonly reason: LostReason;
  readonly lost: number;
}

/** Lost tickets of each period and reason. */
export const sumReasons = (
  sql: Sql,
  divisions: readonly Division[],
  periods: readonly LabelledPeriod[],
): Promise<readonly ReasonSum[]> =>
  sql.query<ReasonSum>({
    name: 'analytics_reasons_sum',
    text: `select b.label, t.reason, sum(t.lost)::float8 as lost
${inBuckets('analytics_reasons', OF_DIVISIONS)}
group by b.label, t.reason`,
    values: [...bucketColumns(periods), divisions],
  });

const MOST_ROUTES = 10;

/** The ten most frequent routes of each period, most frequent first. */
export const topRoutes = (
  sql: Sql,
  divisions: readonly Division[],
  periods: readonly LabelledPeriod[],
): Promise<readonly (RouteCount & { readonly label: string })[]> =>
  sql.query<RouteCount & { readonly label: string }>({
    name: 'analytics_routes_top',
    text: `select label, origin, destination, count from (
  select b.label, t.origin, t.destination, sum(t.leads)::float8 as count,
    row_number() over (partition by b.label order by sum(t.leads) desc, t.origin, t.destination) as place
  ${inBuckets('analytics_routes', OF_DIVISIONS)}
  group by b.label, t.origin, t.destination) r
where place <= ${String(MOST_ROUTES)} order by label, place`,
    values: [...bucketColumns(periods), divisions],
  });

export interface BlastSum {
  readonly label: string;
  readonly category: 'PANAS' | 'HANGAT' | 'DINGIN';
  readonly sent: number;
  readonly responded: number;
}

/** Blast messages by the day they were sent. The blasts view counts them, so a blast and its figures always agree. */
export const sumBlasts = (
  sql: Sql,
  divisions: readonly Division[],
  periods: readonly LabelledPeriod[],
): Promise<readonly BlastSum[]> =>
  sql.query<BlastSum>({
    name: 'analytics_blasts',
    text: `select b.label, t.category, sum(t.sent)::float8 as sent, sum(t.responded)::float8 as responded
${inBuckets('blast_days', OF_DIVISIONS)}
group by b.label, t.category`,
    values: [...bucketColumns(periods), divisions],
  });
