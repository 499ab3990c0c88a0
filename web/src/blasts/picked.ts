/** Who is to get a blast, as ticked or filtered so far; it lasts while the page is open, from list to list. */
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

export const pickedOf = (ticket: Ticket): Picked => ({
  ticketId: ticket.id,
  customerId: ticket.customer_id,
  name: ticket.customer_name,
  division: ticket.division,
  category: null,
  stage: ticket.crm_stage,
});

/** By ticket, in the order in which they were ticked. */
export const picked = createStore<ReadonlyMap<string, Picked>>(new Map());

/** Who ticks somebody wants those whom they tick, and no filter. */
export function pick(one: Picked, on: boolean): void {
  filter.set(null);
  const next = new Map(picked.get());
  if (on) next.set(one.ticketId, one);
  else next.delete(one.ticketId);
  picked.set(next);
}

export const unpickAll = (): void => picked.set(new Map());

/** Every member narrows; the API decides whom it means when the blast is handed in. */
export interface BlastFilter {
  readonly division: Division;
  readonly category: readonly Category[];
  readonly crm_stage: readonly Ticket['crm_stage'][];
  readonly tags: readonly string[];
}
/** null: they are ticked one by one. */
export const filter = createStore<BlastFilter | null>(null);

/** Everybody of a division is no choice: one of them is needed. */
export const isNarrow = ({ category, crm_stage: stages, tags }: BlastFilter): boolean =>
  category.length + stages.length + tags.length > 0;

/** To whom, as the API takes it. */
export type Audience = { readonly recipients: readonly string[] } | { readonly filter: BlastFilter };
export const audienceOf = (chosen: BlastFilter | null, all: ReadonlyMap<string, Picked>): Audience =>
  chosen === null ? { recipients: [...all.keys()] } : { filter: chosen };
