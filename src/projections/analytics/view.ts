/**
 * The analytics view: folds a batch in memory, then writes facts and counters, one statement per table
 * (docs/design/api.md#analytics).
 */
import { boundedCache } from '../../engine/bounded-cache.ts';
import type { Recorded } from '../../domain/codec.ts';
import { calendarOf } from '../../domain/time/calendar.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { allOf, type View } from '../../engine/projections/view.ts';
import { createCounterDeltas } from './counter-deltas.ts';
import { eraseFact, FACT_EVENTS, evolveFact, type Fact, openedFact } from './fact.ts';
import { loadFacts, writeFacts } from './fact-rows.ts';
import { projectPresence } from './project-presence.ts';

type EventOfTicket = Extract<Recorded, { data: { ticketId: string; division: Division } }>;

const isTicketEvent = (event: Recorded): event is EventOfTicket =>
  event.type === 'TicketOpened' || FACT_EVENTS.has(event.type);

/** Changes the facts of all tickets of the customer. Their routes are not counted any more; all other figures stay. */
type ErasureEvent = Extract<Recorded, { type: 'CustomerErased' }>;
type FactEvent = EventOfTicket | ErasureEvent;
const isFactEvent = (event: Recorded): event is FactEvent =>
  event.type === 'CustomerErased' || isTicketEvent(event);

const ticketsOf = ({ type, data }: FactEvent): readonly string[] =>
  type === 'CustomerErased' ? data.ticketIds : [data.ticketId];

/**
 * @param timezone BUSINESS_TIMEZONE: it says on which day a time falls. After a change the view must be rebuilt
 * @param cachedFacts how many tickets stay in memory between batches, about 0.5 KiB each, so that they are not read back
 */
export function analyticsView(timezone: string, cachedFacts = 50_000): View {
  const cache = boundedCache<string, Fact>(cachedFacts);
  const calendar = calendarOf(timezone);

  async function factsFor(sql: Sql, events: readonly FactEvent[]): Promise<Map<string, Fact>> {
    const facts = new Map<string, Fact>();
    const missing = new Map<Division, Set<string>>();
    const opened = new Set<string>();
    for (const event of events) {
      const { division } = event.data;
      for (const id of ticketsOf(event)) {
        if (event.type === 'TicketOpened') opened.add(id);
        if (facts.has(id) || opened.has(id)) continue;
        const cached = cache.get(id);
        if (cached) facts.set(id, cached);
        else missing.set(division, (missing.get(division) ?? new Set()).add(id));
      }
    }
    const idsByDivision = new Map([...missing].map(([division, ids]) => [division, [...ids]] as const));
    for (const fact of await loadFacts(sql, idsByDivision)) facts.set(fact.ticketId, fact);
    return facts;
  }

  return {
    name: 'analytics',
    streams: ['ticket-', 'conversation-', 'delivery-', 'customer-', 'user-', 'division-'],
    tables: [
      'analytics_tickets',
      'analytics_days',
      'analytics_agent_days',
      'analytics_reasons',
      'analytics_routes',
      'analytics_pickups',
      'analytics_resolved',
      'analytics_people',
      'analytics_presence',
      'analytics_hours',
    ],
    forget: () => {
      cache.clear();
    },
    apply: async (sql, events) => {
      await projectPresence(sql, events, calendar);
      const factEvents = events.filter(isFactEvent);
      if (factEvents.length === 0) return undefined;
      const before = await factsFor(sql, factEvents);
      const after = new Map<string, Fact>();
      const deltas = createCounterDeltas(calendar);
      const change = (id: string, evolve: (fact: Fact) => boolean): void => {
        const changed = after.get(id);
        const known = before.get(id);
        if (changed) evolve(changed);
        else if (known) {
          const copy = { ...known };
          if (evolve(copy)) after.set(id, copy);
        }
      };
      for (const event of factEvents) {
        if (event.type === 'TicketOpened') after.set(event.data.ticketId, openedFact(event));
        else if (event.type === 'CustomerErased')
          for (const id of event.data.ticketIds) change(id, eraseFact);
        else change(event.data.ticketId, (fact) => evolveFact(fact, event, deltas));
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
