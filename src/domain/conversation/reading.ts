/** How much of a conversation each person has read (docs/design/business-rules.md#unread). */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { division } from '../vocabulary.ts';

export const readingStream = (ticketId: string): string => `reading-${ticketId}`;

/** Somebody has seen so many of the customer's messages, in the order in which they came to us. */
export const TicketRead = defineEvent('TicketRead', {
  ticketId: z.uuid(),
  division,
  userId: z.uuid(),
  seen: z.int().positive(),
});

export const readingEvents = [TicketRead] as const;
export type ReadingEvent = EventOf<typeof TicketRead>;

/** By person: how many they have seen. */
export interface Reading {
  readonly seen: ReadonlyMap<string, number>;
}

/** Marks only grow, so the last of many events is enough for nearly every decision; a repeated mark does no harm. */
const TAIL = 256;

export const reading: Aggregate<Reading, ReadingEvent> = {
  category: 'reading',
  stream: readingStream,
  initial: { seen: new Map() },
  evolve: ({ seen }, { data }) => ({
    seen: new Map(seen).set(data.userId, Math.max(seen.get(data.userId) ?? 0, data.seen)),
  }),
  tail: TAIL,
};
