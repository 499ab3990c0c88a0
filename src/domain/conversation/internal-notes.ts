/** L2: notes among staff, in a stream of its own. Nothing that sends to a channel ever reads it. */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { division } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const internalStream = (ticketId: string): string => `internal-${ticketId}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

export const InternalNotePosted = defineEvent(
  'InternalNotePosted',
  {
    ticketId: z.uuid(),
    division,
    noteId: z.uuid(),
    senderId: z.uuid(),
    content: z.string(),
    taggedAgentId: z.uuid().nullable(),
  },
  { personal: ['content'] },
);

export const internalEvents = [InternalNotePosted] as const;
export type InternalEvent = EventOf<(typeof internalEvents)[number]>;

// ---------------------------------------------------------------- state and evolve

/** No decision depends on earlier notes. */
export type InternalNotes = Readonly<Record<string, never>>;

export const internalNotes: Aggregate<InternalNotes, InternalEvent> = {
  category: 'internal',
  stream: internalStream,
  initial: {},
  evolve: (state) => state,
  tail: 1,
};
