/** What a ticket adds to the counters, and on which day. Counters get the difference between before and after a batch. */
import { type Calendar, dayText } from '../../domain/time/calendar.ts';
import { NOBODY, type Sql } from '../../ports.ts';
import { allOf } from '../../engine/projections/view.ts';
import { addBySpan, type Counters, countersOf, counts, money } from './counters.ts';
import type { Fact, PickupCounter } from './fact.ts';

const SPAN = [
  { name: 'division', type: 'text' },
  { name: 'span', type: 'text' },
  { name: 'day', type: 'date' },
] as const;
const AGENT = { name: 'agent_id', type: 'uuid' } as const;

const days = countersOf({
  table: 'read.analytics_days',
  keys: [...SPAN, { name: 'channel', type: 'text' }],
  sums: [
    ...counts('leads', 'valid', 'resolved', 'won', 'lost'),
    ...money('revenue'),
    ...counts('cycle_ms', 'escalated', 'claimed_soon'),
  ],
});
const agentDays = countersOf({
  table: 'read.analytics_agent_days',
  keys: [...SPAN, AGENT],
  sums: [...counts('won', 'lost'), ...money('revenue'), ...counts('deals'), ...money('quotes', 'discounts')],
});
const reasons = countersOf({
  table: 'read.analytics_reasons',
  keys: [...SPAN, AGENT, { name: 'reason', type: 'text' }],
  sums: counts('lost'),
});
const routes = countersOf({
  table: 'read.analytics_routes',
  keys: [...SPAN, { name: 'origin', type: 'text' }, { name: 'destination', type: 'text' }],
  sums: counts('leads'),
});
const pickups = countersOf({
  table: 'read.analytics_pickups',
  keys: [...SPAN, AGENT, { name: 'minutes', type: 'int' }],
  sums: counts('answered', 'unanswered', 'answered_ms'),
});

const resolved = countersOf({
  table: 'read.analytics_resolved',
  keys: [...SPAN, { name: 'minutes', type: 'int' }],
  sums: counts('closed'),
});

/** A talk that was escalated should be somebody's by then. */
const CLAIM_SOON_MS = 3 * 60_000;

const DAY_MINUTES = 1440;
/** To the minute up to a day, to the hour up to thirty days, else to the day; at most two years. */
export function resolveMinutes(ms: number): number {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes <= DAY_MINUTES) return minutes;
  const grain = minutes <= 30 * DAY_MINUTES ? 60 : DAY_MINUTES;
  return Math.min(730 * DAY_MINUTES, Math.ceil(minutes / grain) * grain);
}

/** Longer waits share one row: no limit is longer than a day (SLA_PICKUP_MINUTES). */
const LONGEST_MINUTES = 1441;

/** Started minutes. A wait is at most `n` minutes long exactly when this number is at most `n`. */
const startedMinutes = (ms: number): number => Math.min(LONGEST_MINUTES, Math.ceil(ms / 60_000));

/** The changes of the counters that one batch makes. */
export interface CounterDeltas extends PickupCounter {
  /** @param before undefined: the ticket is new */
  changed(before: Fact | undefined, after: Fact): void;
  /** One statement per table. */
  write(sql: Sql): Promise<void>;
}

/** Most events change only who has the ticket, and that is not counted. */
const sameCounts = (a: Fact, b: Fact): boolean =>
  a.valid === b.valid &&
  a.resolved === b.resolved &&
  a.hadAgent === b.hadAgent &&
  a.joined === b.joined &&
  a.decidedAt === b.decidedAt &&
  a.decidedBy === b.decidedBy &&
  a.stage === b.stage &&
  a.dealValue === b.dealValue &&
  a.quoteValue === b.quoteValue &&
  a.discountGiven === b.discountGiven &&
  a.lostReason === b.lostReason &&
  a.origin === b.origin &&
  a.destination === b.destination &&
  a.escalatedAt === b.escalatedAt &&
  a.claimedAt === b.claimedAt &&
  a.closedAt === b.closedAt;

/** @param calendar of BUSINESS_TIMEZONE: it says on which day a time falls */
export function createCounterDeltas(calendar: Calendar): CounterDeltas {
  const tables = {
    days: days(),
    agentDays: agentDays(),
    reasons: reasons(),
    routes: routes(),
    pickups: pickups(),
    resolved: resolved(),
  };

  /** Once for the day and once for its month. */
  function addAt(
    to: Counters,
    division: string,
    at: number,
    key: readonly (string | number)[],
    sums: readonly number[],
  ): void {
    addBySpan(to, division, dayText(calendar.dayOf(at)), key, sums);
  }

  function addOpened(fact: Fact, sign: 1 | -1): void {
    const { division, channel, openedAt, origin, destination } = fact;
    if (fact.joined) return;
    const resolved = fact.resolved && !fact.hadAgent;
    addAt(
      tables.days,
      division,
      openedAt,
      [channel],
      [sign, fact.valid ? sign : 0, resolved ? sign : 0, 0, 0, 0, 0, 0, 0],
    );
    if (origin !== null && destination !== null)
      addAt(tables.routes, division, openedAt, [origin, destination], [sign]);
  }

  function addDecided(fact: Fact, sign: 1 | -1): void {
    const { division, channel, stage, decidedAt, decidedBy, dealValue } = fact;
    if (decidedAt === null || fact.joined) return;
    if (stage === 'Lost') {
      addAt(tables.days, division, decidedAt, [channel], [0, 0, 0, 0, sign, 0, 0, 0, 0]);
      if (decidedBy !== null)
        addAt(tables.agentDays, division, decidedAt, [decidedBy], [0, sign, 0, 0, 0, 0]);
      if (fact.lostReason !== null)
        addAt(tables.reasons, division, decidedAt, [decidedBy ?? NOBODY, fact.lostReason], [sign]);
      return;
    }
    const revenue = sign * (dealValue ?? 0);
    const cycle = sign * Math.max(0, decidedAt - fact.openedAt);
    addAt(tables.days, division, decidedAt, [channel], [0, 0, 0, sign, 0, revenue, cycle, 0, 0]);
    if (decidedBy === null) return;
    const quotes = sign * (fact.quoteValue ?? 0);
    const discounts = sign * (fact.discountGiven ?? 0);
    const deals = dealValue === null ? 0 : sign;
    addAt(tables.agentDays, division, decidedAt, [decidedBy], [sign, 0, revenue, deals, quotes, discounts]);
  }

  /** What became of it between bot and people. */
  function addWay(fact: Fact, sign: 1 | -1): void {
    const { division, channel, openedAt, escalatedAt, claimedAt, closedAt } = fact;
    if (fact.joined) return;
    if (escalatedAt !== null) {
      const soon = claimedAt !== null && claimedAt - escalatedAt <= CLAIM_SOON_MS ? sign : 0;
      addAt(tables.days, division, escalatedAt, [channel], [0, 0, 0, 0, 0, 0, 0, sign, soon]);
    }
    if (closedAt !== null)
      addAt(tables.resolved, division, closedAt, [resolveMinutes(Math.max(0, closedAt - openedAt))], [sign]);
  }

  function addWait(fact: Fact, agentId: string, since: number, at: number, answered: 1 | -1 | 0): void {
    const ms = Math.max(0, at - since);
    const sums = answered === 0 ? [0, 1, 0] : [answered, 0, answered * ms];
    addAt(tables.pickups, fact.division, since, [agentId, startedMinutes(ms)], sums);
  }

  return {
    changed(before, after) {
      if (before && sameCounts(before, after)) return;
      if (before) {
        addOpened(before, -1);
        addDecided(before, -1);
        addWay(before, -1);
      }
      addOpened(after, 1);
      addDecided(after, 1);
      addWay(after, 1);
    },
    answered(fact, agentId, since, at) {
      addWait(fact, agentId, since, at, 1);
    },
    retracted(fact, agentId, since, at) {
      addWait(fact, agentId, since, at, -1);
    },
    unanswered(fact, agentId, since, at) {
      if (agentId !== null) addWait(fact, agentId, since, at, 0);
    },
    write: async (sql) => {
      await allOf(Object.values(tables).map((counters) => counters.write(sql)));
    },
  };
}
