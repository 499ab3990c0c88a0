/** Which message the next reply of a ticket quotes; it lasts as long as the page. */
import type { Quoted } from '../../lib/outbox.ts';
import { createStore, useStore } from '../../lib/store.ts';

const quotes = createStore<ReadonlyMap<string, Quoted>>(new Map());

export function quote(ticketId: string, quoted: Quoted | null): void {
  const next = new Map(quotes.get());
  if (quoted === null) next.delete(ticketId);
  else next.set(ticketId, quoted);
  quotes.set(next);
}

export const useQuote = (ticketId: string): Quoted | null => useStore(quotes).get(ticketId) ?? null;

export const quoteOf = (ticketId: string): Quoted | null => quotes.get().get(ticketId) ?? null;
