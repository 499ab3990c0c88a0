/**
 * The analytics view: folds a batch in memory, then writes facts and counters, one statement per table
 * (docs/design/api.md#analytics).
 */
import { LRUCache } from 'lru-cache';
import type { Recorded } from '../../domain/codec.ts';
import { calendarOf } from '../../domain/time/calendar.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { allOf, type View } from '../../engine/projections/view.ts';
import { createCounterDeltas } from './counter-deltas.ts';
import { FACT_EVENTS, evolveFact, type Fact, openedFact } from './fact.ts';
import { loadFacts, writeFacts } from './fact-rows.ts';
import { projectPresence } from './project-presence.ts';

type FactEvent = Extract<Recorded, { data: { ticketId: string; division: Division } }>;

const isTicketEvent = (event: Recorded): event is FactEvent =>
  event.type === 'TicketOpened' || FACT_EVENTS.has(event.type);

/**
 * @param timezone BUSINESS_TIMEZONE: it says on which day a time falls. After a change the view must be rebuilt
 * @param cachedFacts how many tickets stay in memory between batches, about 0.5 KiB each, so that they are not read back
 */
export function analyticsView(timezone: string, cachedFacts = 50_000): View {
  const cache = new LRUCache<string, Fact>({ max: cachedFacts });
  const calendar = calendarOf(timezone);

  async function factsFor(sql: Sql, events: readonly FactEvent[]): Promise<Map<string, Fact>> {
    const facts = new Map<string, Fact>();
    const missing = new Map<Division, Set<string>>();
    const opened = new Set<string>();
    for (const { type, data } of events) {
      if (type === 'TicketOpened') opened.add(data.ticketId);
      if (facts.has(data.ticketId) || opened.has(data.ticketId)) continue;
      const cached = cache.get(data.ticketId);
      if (cached) facts.set(data.ticketId, cached);
      else missing.set(data.division, (missing.get(data.division) ?? new Set()).add(data.ticketId));
    }
    const idsByDivision = new Map([...missing].map(([division, ids]) => [division, [...ids]] as const));
    for (const fact of await loadFacts(sql, idsByDivision)) facts.set(fact.ticketId, fact);
    return facts;
  }

  return {
    name: 'analytics',
    streams: ['ticket-', 'conversation-', 'user-', 'division-'],
    tables: [
      'analytics_tickets',
      'analytics_days',
      'analytics_agent_days',
      'analytics_reasons',
      'analytics_routes',
      'analytics_pickups',
      'analytics_people',
      'analytics_presence',
      'analytics_hours',
    ],
    forget: () => {
      cache.clear();
    },
    apply: async (sql, events) => {
      await projectPresence(sql, events, calendar);
      const ticketEvents = events.filter(isTicketEvent);
      if (ticketEvents.length === 0) return undefined;
      const before = await factsFor(sql, ticketEvents);
      const after = new Map<string, Fact>();
      const deltas = createCounterDeltas(calendar);
      for (const event of ticketEvents) {
        const id = event.data.ticketId;
        if (event.type === 'TicketOpened') {
          after.set(id, openedFact(event));
          continue;
        }
        const changed = after.get(id);
        const known = before.get(id);
        if (changed) evolveFact(changed, event, deltas);
        else if (known) {
          const copy = { ...known };
          if (evolveFact(copy, event, deltas)) after.set(id, copy);
        }
      }
      if (after.size === 0) return undefined;
      for (const [id, fact] of after) deltas.changed(before.get(id), fact);
      await allOf<unknown>([writeFacts(sql, [...after.values()]), deltas.write(sql)]);
      return () => {
        for (const [id, fact] of after) cache.set(id, fact);
      };
    },
  };
}
