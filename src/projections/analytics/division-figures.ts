/** Figures of one division, or of all divisions together (docs/design/api.md#analytics). */
import { LOST_REASONS } from '../../domain/crm/fields.ts';
import { calendarOf } from '../../domain/time/calendar.ts';
import { monthPeriod, monthsUpTo, type Period, previousOf } from '../../domain/time/period.ts';
import { CHANNELS, DIVISIONS, type Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { labelledSteps, type LabelledPeriod } from './buckets.ts';
import {
  type BlastSums,
  type ChannelSums,
  countOptOuts,
  type DaySums,
  medianResolved,
  type OptOuts,
  type ReasonSums,
  type ResolvedMedian,
  type RouteSums,
  sumBlasts,
  sumChannels,
  sumReasons,
  topRoutes,
} from './division-sums.ts';
import type {
  DivisionFigures,
  DivisionFiguresOf,
  DivisionOrAll,
  DivisionReport,
  DivisionReportOf,
  FigureSettings,
  LostReason,
  LostReasons,
  SeriesStep,
} from './figures.ts';
import { mean, percentOf, roundedRupiah } from './ratio.ts';

const MONTHS_IN_TREND = 3;
const MONTHS_IN_SEASON = 12;
const DAY_MS = 86_400_000;
const CATEGORIES = ['PANAS', 'HANGAT', 'DINGIN'] as const;

const divisionsOf = (division: DivisionOrAll): readonly Division[] =>
  division === 'all' ? DIVISIONS : [division];

const ZERO_SUMS: DaySums = {
  leads: 0,
  valid: 0,
  resolved: 0,
  won: 0,
  lost: 0,
  revenue: 0,
  cycleMs: 0,
  escalated: 0,
  claimedSoon: 0,
};

/** Figures are made from sums over all rows, so that a rate of several divisions or channels is weighted. */
const totalOf = (rows: readonly DaySums[]): DaySums =>
  rows.reduce(
    (sum, row) => ({
      leads: sum.leads + row.leads,
      valid: sum.valid + row.valid,
      resolved: sum.resolved + row.resolved,
      won: sum.won + row.won,
      lost: sum.lost + row.lost,
      revenue: sum.revenue + row.revenue,
      cycleMs: sum.cycleMs + row.cycleMs,
      escalated: sum.escalated + row.escalated,
      claimedSoon: sum.claimedSoon + row.claimedSoon,
    }),
    ZERO_SUMS,
  );

/** @returns the sum of each reason, 0 for those that have no row */
export function lostReasons(sums: readonly { reason: LostReason; lost: number }[]): LostReasons {
  const counts = Object.fromEntries(LOST_REASONS.map((reason) => [reason, 0])) as Record<LostReason, number>;
  for (const { reason, lost } of sums) counts[reason] += lost;
  return counts;
}

const stepFigures = (sums: DaySums) => ({
  leads: { total: sums.leads, valid: sums.valid, won: sums.won, lost: sums.lost },
  closing_rate: percentOf(sums.won, sums.won + sums.lost),
  revenue: roundedRupiah(sums.revenue),
  bot_resolution_rate: percentOf(sums.resolved, sums.leads),
  cycle_time_avg: mean(sums.cycleMs / DAY_MS, sums.won),
  escalations: sums.escalated,
  claimed_within_3min_pct: percentOf(sums.claimedSoon, sums.escalated),
});

const byChannel = (rows: readonly ChannelSums[]): DivisionFigures['roi_per_channel'] =>
  Object.fromEntries(
    CHANNELS.map((channel) => {
      const { leads, won, lost, revenue } = totalOf(rows.filter((row) => row.channel === channel));
      return [
        channel,
        { leads, won, revenue: roundedRupiah(revenue), closing_rate: percentOf(won, won + lost) },
      ] as const;
    }),
  ) as unknown as DivisionFigures['roi_per_channel'];

/** The sums of all periods. The label of a row says which period it is of. */
interface Sums {
  readonly channels: ReadonlyMap<string, readonly ChannelSums[]>;
  readonly reasons: readonly ReasonSums[];
  readonly routes: readonly RouteSums[];
  readonly blasts: readonly BlastSums[];
  readonly resolved: readonly ResolvedMedian[];
  readonly optOuts: readonly OptOuts[];
}

function figuresOf(label: string, period: Period, sums: Sums): DivisionFigures {
  const channelsOf = (wanted: string): readonly ChannelSums[] => sums.channels.get(wanted) ?? [];
  const channels = channelsOf(label);
  const blasts = sums.blasts.filter((row) => row.label === label);
  return {
    ...stepFigures(totalOf(channels)),
    trend_3mo: monthsUpTo(period, MONTHS_IN_TREND).map((month) => {
      const { won, lost } = totalOf(channelsOf(month));
      return { month, closing_rate: percentOf(won, won + lost), won, lost };
    }),
    lost_reasons: lostReasons(sums.reasons.filter((row) => row.label === label)),
    top_routes: sums.routes
      .filter((row) => row.label === label)
      .map(({ origin, destination, count }) => ({ origin, destination, count })),
    roi_per_channel: byChannel(channels),
    seasonal_curve: monthsUpTo(period, MONTHS_IN_SEASON).map((month) => ({
      month,
      leads: totalOf(channelsOf(month)).leads,
    })),
    blast_effectiveness: Object.fromEntries(
      CATEGORIES.map((category) => {
        const { sent, responded } = blasts.find((row) => row.category === category) ?? {
          sent: 0,
          responded: 0,
        };
        return [category, { sent, responded, response_rate_pct: percentOf(responded, sent) }] as const;
      }),
    ) as unknown as DivisionFigures['blast_effectiveness'],
    resolve_median_min: sums.resolved.find((row) => row.label === label)?.median ?? null,
    opt_outs: sums.optOuts.find((row) => row.label === label)?.customers ?? 0,
  };
}

/** The months that trends and seasonal curves need, each with itself as label. */
const monthsOf = (periods: readonly LabelledPeriod[]): LabelledPeriod[] => {
  const names = new Set(periods.flatMap(({ period }) => monthsUpTo(period, MONTHS_IN_SEASON)));
  return [...names].map((month) => ({ label: month, period: monthPeriod(month) }));
};

async function loadSums(
  sql: Sql,
  division: DivisionOrAll,
  periods: readonly LabelledPeriod[],
  steps: readonly LabelledPeriod[],
  { timezone }: FigureSettings,
): Promise<Sums> {
  const divisions = divisionsOf(division);
  const [channels, reasons, routes, blasts, resolved, optOuts] = await Promise.all([
    sumChannels(sql, divisions, [...periods, ...monthsOf(periods), ...steps]),
    sumReasons(sql, divisions, periods),
    topRoutes(sql, divisions, periods),
    sumBlasts(sql, divisions, periods),
    medianResolved(sql, divisions, periods),
    countOptOuts(sql, divisions, periods, calendarOf(timezone)),
  ]);
  const byLabel = new Map<string, ChannelSums[]>();
  for (const row of channels) byLabel.set(row.label, [...(byLabel.get(row.label) ?? []), row]);
  return { channels: byLabel, reasons, routes, blasts, resolved, optOuts };
}

const NOW = 'now';
const BEFORE = 'before';

/** The figures of one period, see `DivisionFiguresOf`. */
export const divisionFigures: DivisionFiguresOf = async (read, scope, { division, period, settings }) => {
  const periods = [{ label: NOW, period }];
  const sums = await read.scoped(scope, (sql) => loadSums(sql, division, periods, [], settings));
  return figuresOf(NOW, period, sums);
};

/** The figures of a period and of the one before, see `DivisionReportOf`. */
export const divisionReport: DivisionReportOf = async (
  read,
  scope,
  { division, period, granularity, settings },
): Promise<DivisionReport> => {
  const before = previousOf(period);
  const periods = [
    { label: NOW, period },
    { label: BEFORE, period: before },
  ];
  const steps = labelledSteps(period, granularity);
  const sums = await read.scoped(scope, (sql) => loadSums(sql, division, periods, steps, settings));
  const series = steps.map(({ label, period: { from, to } }): SeriesStep => {
    const channels = sums.channels.get(label) ?? [];
    return { start: from, end: to, ...stepFigures(totalOf(channels)), channels: byChannel(channels) };
  });
  return {
    figures: figuresOf(NOW, period, sums),
    previous: figuresOf(BEFORE, before, sums),
    series: granularity === undefined ? null : series,
  };
};
