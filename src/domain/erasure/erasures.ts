/**
 * The list of everybody who was erased, in one stream: short enough to be gone through at every start, so that a key
 * that a backup brought back is destroyed before anything is served.
 */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { division } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const ERASURES_ID = 'list';
export const erasuresStream = (id: string): string => `erasures-${id}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

/** Follows a `CustomerErased`, which decided it. */
export const ErasureListed = defineEvent('ErasureListed', {
  customerId: z.uuid(),
  customerKey: z.string(),
  division,
  ticketIds: z.array(z.uuid()),
  orderingKey: z.string(),
});
export const erasureEvents = [ErasureListed] as const;
export type ErasureEvent = EventOf<typeof ErasureListed>;
export type Erasure = ErasureEvent['data'];

// ---------------------------------------------------------------- state and evolve

export interface Erasures {
  readonly customers: ReadonlySet<string>;
}

export const erasures: Aggregate<Erasures, ErasureEvent> = {
  category: 'erasures',
  stream: erasuresStream,
  initial: { customers: new Set() },
  evolve: ({ customers }, { data }) => ({ customers: new Set([...customers, data.customerId]) }),
};
