/** What is counted of a ticket, and on which day: the difference between before and after a batch goes to the counters. */
import { type Calendar, dayText } from '../../domain/time/calendar.ts';
import { NOBODY, type Sql } from '../../ports.ts';
import { allOf } from '../../engine/projections/view.ts';
import { addBySpan, type Counters, countersOf, counts, money } from './counters.ts';
import type { Fact } from './fact.ts';
import type { Pickups } from './fact.ts';

const SPAN = [
  { name: 'division', type: 'text' },
  { name: 'span', type: 'text' },
  { name: 'day', type: 'date' },
];
const AGENT = { name: 'agent_id', type: 'uuid' };

const days = countersOf({
  name: 'analytics_days',
  keys: [...SPAN, { name: 'channel', type: 'text' }],
  sums: [...counts('leads', 'valid', 'resolved', 'won', 'lost'), ...money('revenue'), ...counts('cycle_ms')],
});
const agentDays = countersOf({
  name: 'analytics_agent_days',
  keys: [...SPAN, AGENT],
  sums: [...counts('won', 'lost'), ...money('revenue'), ...counts('deals'), ...money('quotes', 'discounts')],
});
const reasons = countersOf({
  name: 'analytics_reasons',
  keys: [...SPAN, AGENT, { name: 'reason', type: 'text' }],
  sums: counts('lost'),
});
const routes = countersOf({
  name: 'analytics_routes',
  keys: [...SPAN, { name: 'origin', type: 'text' }, { name: 'destination', type: 'text' }],
  sums: counts('leads'),
});
const pickups = countersOf({
  name: 'analytics_pickups',
  keys: [...SPAN, AGENT, { name: 'minutes', type: 'int' }],
  sums: counts('answered', 'unanswered', 'answered_ms'),
});

/** Longer waits are all alike: no limit is longer than a day (SLA_PICKUP_MINUTES). */
const LONGEST_MINUTES = 1441;

/** Started minutes: a wait is at most `n` whole minutes long exactly when these are at most `n`. */
const startedMinutes = (ms: number): number => Math.min(LONGEST_MINUTES, Math.ceil(ms / 60_000));

export interface Counted extends Pickups {
  /** The ticket was like this before (undefined: not there), and is like that now. */
  moved(before: Fact | undefined, after: Fact): void;
  write(sql: Sql): Promise<void>;
}

/** A ticket changes hands more often than anything that is counted of it. */
const sameCounts = (a: Fact, b: Fact): boolean =>
  a.valid === b.valid &&
  a.resolved === b.resolved &&
  a.hadAgent === b.hadAgent &&
  a.decidedAt === b.decidedAt &&
  a.decidedBy === b.decidedBy &&
  a.stage === b.stage &&
  a.dealValue === b.dealValue &&
  a.quoteValue === b.quoteValue &&
  a.discountGiven === b.discountGiven &&
  a.lostReason === b.lostReason &&
  a.origin === b.origin &&
  a.destination === b.destination;

export function countedOf(calendar: Calendar): Counted {
  const of = {
    days: days(),
    agentDays: agentDays(),
    reasons: reasons(),
    routes: routes(),
    pickups: pickups(),
  };

  /** Once for the day and once for its month. */
  function both(
    to: Counters,
    division: string,
    at: number,
    key: readonly (string | number)[],
    sums: readonly number[],
  ): void {
    addBySpan(to, division, dayText(calendar.dayOf(at)), key, sums);
  }

  function opened(fact: Fact, sign: 1 | -1): void {
    const { division, channel, openedAt, origin, destination } = fact;
    const resolved = fact.resolved && !fact.hadAgent;
    both(
      of.days,
      division,
      openedAt,
      [channel],
      [sign, fact.valid ? sign : 0, resolved ? sign : 0, 0, 0, 0, 0],
    );
    if (origin !== null && destination !== null)
      both(of.routes, division, openedAt, [origin, destination], [sign]);
  }

  function decided(fact: Fact, sign: 1 | -1): void {
    const { division, channel, stage, decidedAt, decidedBy, dealValue } = fact;
    if (decidedAt === null) return;
    if (stage === 'Lost') {
      both(of.days, division, decidedAt, [channel], [0, 0, 0, 0, sign, 0, 0]);
      if (decidedBy !== null) both(of.agentDays, division, decidedAt, [decidedBy], [0, sign, 0, 0, 0, 0]);
      if (fact.lostReason !== null)
        both(of.reasons, division, decidedAt, [decidedBy ?? NOBODY, fact.lostReason], [sign]);
      return;
    }
    const revenue = sign * (dealValue ?? 0);
    const cycle = sign * Math.max(0, decidedAt - fact.openedAt);
    both(of.days, division, decidedAt, [channel], [0, 0, 0, sign, 0, revenue, cycle]);
    if (decidedBy === null) return;
    const quotes = sign * (fact.quoteValue ?? 0);
    const discounts = sign * (fact.discountGiven ?? 0);
    const deals = dealValue === null ? 0 : sign;
    both(of.agentDays, division, decidedAt, [decidedBy], [sign, 0, revenue, deals, quotes, discounts]);
  }

  function waited(fact: Fact, agentId: string, since: number, at: number, answered: boolean): void {
    const ms = Math.max(0, at - since);
    const sums = answered ? [1, 0, ms] : [0, 1, 0];
    both(of.pickups, fact.division, since, [agentId, startedMinutes(ms)], sums);
  }

  return {
    moved(before, after) {
      if (before && sameCounts(before, after)) return;
      if (before) {
        opened(before, -1);
        decided(before, -1);
      }
      opened(after, 1);
      decided(after, 1);
    },
    answered(fact, agentId, since, at) {
      waited(fact, agentId, since, at, true);
    },
    unanswered(fact, agentId, since, at) {
      if (agentId !== null) waited(fact, agentId, since, at, false);
    },
    write: async (sql) => {
      await allOf(Object.values(of).map((each) => each.write(sql)));
    },
  };
}
