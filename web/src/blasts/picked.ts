/** Who is to get a blast, as ticked so far; it lasts while the page is open, from list to list. */
import type { Division, Ticket } from '../lib/api.ts';
import { createStore } from '../lib/store.ts';
import type { Category } from '../follow-ups/words.ts';

export interface Picked {
  readonly ticketId: string;
  readonly customerId: string;
  readonly name: string | null;
  readonly division: Division;
  readonly category: Category | null;
  readonly stage: Ticket['crm_stage'];
}

/** By ticket, in the order in which they were ticked. */
export const picked = createStore<ReadonlyMap<string, Picked>>(new Map());

export function pick(one: Picked, on: boolean): void {
  const next = new Map(picked.get());
  if (on) next.set(one.ticketId, one);
  else next.delete(one.ticketId);
  picked.set(next);
}

export const pickAll = (all: readonly Picked[]): void =>
  picked.set(new Map(all.map((one) => [one.ticketId, one])));
export const unpickAll = (): void => picked.set(new Map());

/** Nobody gets a blast twice: the first ticket of a customer counts. */
export function oneEach(all: readonly Picked[]): readonly Picked[] {
  const seen = new Set<string>();
  return all.filter(({ customerId }) => !seen.has(customerId) && seen.add(customerId));
}
