/** What the channels of a division cost in a period, and what came of it (docs/analytics.md). */
import { type ChannelCosts, costOf, partOfMonth } from '../../domain/analytics/channel-costs.ts';
import { monthOf } from '../../domain/time/calendar.ts';
import { monthAfter, monthPeriod, type Period } from '../../domain/time/period.ts';
import { type Channel, CHANNELS, DIVISIONS } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope } from '../../ports.ts';
import { sumChannels } from './division-sums.ts';
import type { ChannelFigures, DivisionFigures, DivisionOrAll, Percent } from './figures.ts';
import { percentOf, roundedRupiah } from './ratio.ts';

type PerChannel<T> = Readonly<Record<Channel, T>>;
export interface ChannelReturn extends ChannelFigures {
  /** (revenue - cost) / cost, in percent; null without a cost. */
  readonly roi_pct: Percent;
}
export interface Returns {
  /** Rupiah. */
  readonly channel_costs: PerChannel<number>;
  readonly roi_per_channel: PerChannel<ChannelReturn>;
}

const monthsIn = ({ from, to }: Period): readonly string[] => {
  const months: string[] = [];
  for (let month = monthOf(from); month <= monthOf(to); month = monthAfter(month, 1)) months.push(month);
  return months;
};

const perChannel = <T>(of: (channel: Channel) => T): PerChannel<T> =>
  Object.fromEntries(CHANNELS.map((channel) => [channel, of(channel)])) as Record<Channel, T>;

/**
 * A month's cost is spread evenly over its days. A division bears its share of the channel's leads of that month, of
 * which it learns nothing but the share; all divisions together bear all of it.
 */
export async function channelReturns(
  read: ReadStore,
  scope: Scope,
  {
    division,
    costs,
    of,
  }: {
    readonly division: DivisionOrAll;
    readonly costs: ChannelCosts;
    readonly of: readonly { readonly period: Period; readonly figures: DivisionFigures }[];
  },
): Promise<readonly Returns[]> {
  const months = [...new Set(of.flatMap(({ period }) => monthsIn(period)))];
  const sums = async (divisions: typeof DIVISIONS | readonly (typeof DIVISIONS)[number][]) =>
    read.scoped({ kind: 'all', userId: scope.userId }, (sql) =>
      sumChannels(
        sql,
        divisions,
        months.map((month) => ({ label: month, period: monthPeriod(month) })),
      ),
    );
  const [own, all] =
    division === 'all' || costs.size === 0
      ? [[], []]
      : await Promise.all([sums([division]), sums(DIVISIONS)]);
  const leads = (rows: typeof all, month: string, channel: Channel): number =>
    rows.find((row) => row.label === month && row.channel === channel)?.leads ?? 0;
  const shareOf = (month: string, channel: Channel): number => {
    if (division === 'all') return 1;
    const total = leads(all, month, channel);
    return total === 0 ? 0 : leads(own, month, channel) / total;
  };
  return of.map(({ period, figures }) => {
    const channel_costs = perChannel((channel) =>
      roundedRupiah(
        monthsIn(period).reduce(
          (sum, month) =>
            sum + costOf(costs, month, channel) * partOfMonth(month, period) * shareOf(month, channel),
          0,
        ),
      ),
    );
    const roi_per_channel = perChannel((channel) => {
      const cost = channel_costs[channel];
      const found = figures.roi_per_channel[channel];
      return { ...found, roi_pct: percentOf(found.revenue - cost, cost) };
    });
    return { channel_costs, roi_per_channel };
  });
}
