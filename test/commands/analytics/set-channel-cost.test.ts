import { expect } from 'chai';
import { decideSetChannelCost, input } from '../../../src/commands/analytics/set-channel-cost.ts';
import {
  type ChannelCostEvent,
  channelCosts,
  type ChannelCosts,
  listed,
  partOfMonth,
} from '../../../src/domain/analytics/channel-costs.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, tono } from '../../support/scenarios/people.ts';

const given = specOf(channelCosts);
const cost = (amount: number, month = '2026-07', channel: 'whatsapp' | 'web' = 'whatsapp') => ({
  month,
  channel,
  amount,
});
const event = (data: ReturnType<typeof cost>): ChannelCostEvent => ({ type: 'ChannelCostSet', data });
const set = (data: ReturnType<typeof cost>) => (state: ChannelCosts) =>
  decideSetChannelCost(state, data, tono);

describe('set what a channel cost', () => {
  it('of one month and channel, once', () =>
    given()
      .when(set(cost(1_500_000)))
      .thenOnce(event(cost(1_500_000))));
  it('replaces what was said before, and that only', () => {
    given(event(cost(1)), event(cost(2, '2026-08')), event(cost(3, '2026-07', 'web')))
      .when(set(cost(9)))
      .thenOnce(event(cost(9)));
    const { state } = given(
      event(cost(2, '2026-08')),
      event(cost(1)),
      event(cost(3, '2026-07', 'web')),
      event(cost(9)),
    );
    expect(listed(state)).to.deep.equal([cost(9), cost(3, '2026-07', 'web'), cost(2, '2026-08')]);
  });
  it('to nothing where nothing is known makes no event', () =>
    given()
      .when(set(cost(0)))
      .then());
  it('is refused to who sees one division', () =>
    given()
      .when((state) => decideSetChannelCost(state, cost(1), ani))
      .thenRefused('FORBIDDEN'));
  it('takes months of this century and whole rupiah', () => {
    for (const wrong of [cost(1, '2026-13'), cost(1, '1999-01'), cost(1, '2026-7'), cost(-1), cost(0.5)])
      expect(input.safeParse(wrong).success, JSON.stringify(wrong)).to.equal(false);
    expect(input.safeParse(cost(0)).success).to.equal(true);
  });
});

describe('the part of a month that a period has', () => {
  it('is by days', () => {
    expect(partOfMonth('2026-02', { from: '2026-02-01', to: '2026-02-28' })).to.equal(1);
    expect(partOfMonth('2026-02', { from: '2026-02-08', to: '2026-03-31' })).to.equal(0.75);
    expect(partOfMonth('2026-02', { from: '2026-01-01', to: '2026-02-07' })).to.equal(0.25);
    expect(partOfMonth('2026-02', { from: '2026-03-01', to: '2026-03-02' })).to.equal(0);
  });
});
