/** Figures of one division, or of all divisions together (docs/design/api.md#analytics). */
import { LOST_REASONS } from '../../domain/crm/fields.ts';
import { monthPeriod, monthsUpTo, type Period, previousOf, stepsOf } from '../../domain/time/period.ts';
import { CHANNELS, DIVISIONS, type Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import type { LabelledPeriod } from './buckets.ts';
import {
  type BlastSums,
  type ChannelSums,
  type DaySums,
  type ReasonSums,
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

const ZERO_SUMS: DaySums = { leads: 0, valid: 0, resolved: 0, won: 0, lost: 0, revenue: 0, cycleMs: 0 };

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
});

/** The sums of all periods. The label of a row says which period it is of. */
interface Sums {
  readonly channels: ReadonlyMap<string, readonly ChannelSums[]>;
  readonly reasons: readonly ReasonSums[];
  readonly routes: readonly RouteSums[];
  readonly blasts: readonly BlastSums[];
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
    roi_per_channel: Object.fromEntries(
      CHANNELS.map((channel) => {
        const { leads, won, lost, revenue } = totalOf(channels.filter((row) => row.channel === channel));
        return [
          channel,
          { leads, won, revenue: roundedRupiah(revenue), closing_rate: percentOf(won, won + lost) },
        ] as const;
      }),
    ) as unknown as DivisionFigures['roi_per_channel'],
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
): Promise<Sums> {
  const divisions = divisionsOf(division);
  const [channels, reasons, routes, blasts] = await Promise.all([
    sumChannels(sql, divisions, [...periods, ...monthsOf(periods), ...steps]),
    sumReasons(sql, divisions, periods),
    topRoutes(sql, divisions, periods),
    sumBlasts(sql, divisions, periods),
  ]);
  const byLabel = new Map<string, ChannelSums[]>();
  for (const row of channels) byLabel.set(row.label, [...(byLabel.get(row.label) ?? []), row]);
  return { channels: byLabel, reasons, routes, blasts };
}

const NOW = 'now';
const BEFORE = 'before';

/** The figures of one period, see `DivisionFiguresOf`. */
export const divisionFigures: DivisionFiguresOf = async (read, scope, { division, period }) => {
  const periods = [{ label: NOW, period }];
  const sums = await read.scoped(scope, (sql) => loadSums(sql, division, periods, []));
  return figuresOf(NOW, period, sums);
};

/** The figures of a period and of the one before, see `DivisionReportOf`. */
export const divisionReport: DivisionReportOf = async (
  read,
  scope,
  { division, period, granularity },
): Promise<DivisionReport> => {
  const before = previousOf(period);
  const periods = [
    { label: NOW, period },
    { label: BEFORE, period: before },
  ];
  const steps =
    granularity === undefined
      ? []
      : stepsOf(period, granularity).map((step) => ({ label: `from ${step.from}`, period: step }));
  const sums = await read.scoped(scope, (sql) => loadSums(sql, division, periods, steps));
  const series = steps.map(({ label, period: { from, to } }): SeriesStep => {
    return { start: from, end: to, ...stepFigures(totalOf(sums.channels.get(label) ?? [])) };
  });
  return {
    figures: figuresOf(NOW, period, sums),
    previous: figuresOf(BEFORE, before, sums),
    series: granularity === undefined ? null : series,
  };
};
