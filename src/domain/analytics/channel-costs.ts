/** What a channel costs the firm, by month (docs/analytics.md). */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { dayNumber } from '../time/calendar.ts';
import { daysIn, monthPeriod, type Period } from '../time/period.ts';
import { type Channel, CHANNELS, channel } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const CHANNEL_COSTS_ID = 'all';
export const channelCostsStream = (id: string): string => `channelcosts-${id}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

export const ChannelCostSet = defineEvent('ChannelCostSet', {
  /** 'YYYY-MM' */
  month: z.string(),
  channel,
  /** Rupiah. */
  amount: z.int().min(0),
});

export const channelCostEvents = [ChannelCostSet] as const;
export type ChannelCostEvent = EventOf<typeof ChannelCostSet>;

// ---------------------------------------------------------------- state and evolve

/** Rupiah by `month channel`. */
export type ChannelCosts = ReadonlyMap<string, number>;

const keyOf = (month: string, of: Channel): string => `${month} ${of}`;

/** @returns rupiah; 0: nobody said */
export const costOf = (costs: ChannelCosts, month: string, of: Channel): number =>
  costs.get(keyOf(month, of)) ?? 0;

export const channelCosts: Aggregate<ChannelCosts, ChannelCostEvent> = {
  category: 'channelcosts',
  stream: channelCostsStream,
  initial: new Map(),
  evolve: (costs, { data }) => new Map(costs).set(keyOf(data.month, data.channel), data.amount),
};

/** The costs that are known, oldest month first. */
export const listed = (costs: ChannelCosts): readonly ChannelCostEvent['data'][] =>
  [...costs]
    .map(([key, amount]) => {
      const [month = '', of = ''] = key.split(' ');
      return { month, channel: of as Channel, amount };
    })
    .sort(
      (a, b) => a.month.localeCompare(b.month) || CHANNELS.indexOf(a.channel) - CHANNELS.indexOf(b.channel),
    );

/** @returns which part of the month is within the period, 0 to 1 */
export function partOfMonth(month: string, period: Period): number {
  const whole = monthPeriod(month);
  const from = period.from > whole.from ? period.from : whole.from;
  const to = period.to < whole.to ? period.to : whole.to;
  return from > to ? 0 : (dayNumber(to) - dayNumber(from) + 1) / daysIn(whole);
}
