/** The inbox view: folds a batch in memory, then writes tickets, tags, counters, search terms and grants. */
import { boundedCache } from '../../engine/bounded-cache.ts';
import type { Recorded } from '../../domain/codec.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { inboxBulk } from './inbox-bulk.ts';
import { countChanges } from './ticket-counts.ts';
import { grantChanges } from './ticket-grants.ts';
import { evolveTicket, isTicketBound, type TicketBound, type TicketRow } from './ticket-row.ts';
import {
  type Changed,
  loadTickets,
  writeNewTerms,
  writeOpened,
  writeTags,
  writeTickets,
} from './ticket-writes.ts';
import { allOf, partsOf, type View } from '../../engine/projections/view.ts';

/** @param cachedRows rows kept in memory between batches, about 2 KiB each; saves reading them back */
export function inboxView(cachedRows = 20_000): View {
  const cache = boundedCache<string, TicketRow>(cachedRows);

  /** @param fresh rows as parts of this batch have written them */
  async function rowsFor(
    sql: Sql,
    events: readonly TicketBound[],
    fresh: ReadonlyMap<string, TicketRow>,
  ): Promise<Map<string, TicketRow>> {
    const rows = new Map<string, TicketRow>();
    const missing = new Map<Division, Set<string>>();
    const opened = new Set<string>();
    for (const { type, data } of events) {
      if (type === 'TicketOpened') opened.add(data.ticketId);
      if (rows.has(data.ticketId) || opened.has(data.ticketId)) continue;
      const cached = fresh.get(data.ticketId) ?? cache.get(data.ticketId);
      if (cached) rows.set(data.ticketId, cached);
      else missing.set(data.division, (missing.get(data.division) ?? new Set()).add(data.ticketId));
    }
    const wanted = new Map([...missing].map(([division, ids]) => [division, [...ids]] as const));
    for (const row of await loadTickets(sql, wanted)) rows.set(row.card.id, row);
    return rows;
  }

  async function applyPart(
    sql: Sql,
    events: readonly Recorded[],
    fresh: Map<string, TicketRow>,
  ): Promise<void> {
    const bound = events.filter(isTicketBound);
    const before = await rowsFor(sql, bound, fresh);
    const after = new Map<string, TicketRow>();
    for (const event of bound) {
      const id = event.data.ticketId;
      const known = after.get(id) ?? before.get(id);
      const next = evolveTicket(known, event);
      if (next && next !== known) after.set(id, next);
    }
    const changed: Changed[] = [...after].map(([id, row]) => ({ before: before.get(id), after: row }));
    const counts = countChanges();
    for (const change of changed) counts.moved(change.before, change.after);
    const grants = grantChanges();
    for (const event of events) grants.see(event);

    const work: Promise<unknown>[] =
      changed.length === 0
        ? []
        : [
            writeTickets(sql, [...after.values()]),
            writeTags(sql, changed),
            counts.write(sql),
            writeNewTerms(sql, changed),
            writeOpened(
              sql,
              changed.filter((change) => change.before === undefined).map((change) => change.after),
            ),
          ];
    await allOf([...work, grants.write(sql)]);
    for (const [id, row] of after) fresh.set(id, row);
  }

  return {
    name: 'inbox',
    streams: ['ticket-', 'conversation-', 'delivery-', 'user-'],
    tables: [
      'tickets',
      'ticket_tags',
      'ticket_counts',
      'ticket_terms',
      'term_counts',
      'ticket_directory',
      'ticket_grants',
    ],
    // Counted down to nothing, or never counted: which of them depends on where batches ended.
    hollow: { ticket_counts: 'n = 0' },
    bulk: inboxBulk,
    forget: () => {
      cache.clear();
    },
    apply: async (sql, events) => {
      const fresh = new Map<string, TicketRow>();
      // Who moves takes along what they hold by then, not what they hold when the batch ends.
      for (const part of partsOf(events, (_event, previous) => previous.type === 'UserMoved'))
        await applyPart(sql, part, fresh);
      return () => {
        for (const [id, row] of fresh) cache.set(id, row);
      };
    },
  };
}
