/** What people decided about the read side (docs/projections.md). */
import { z } from 'zod';
import { defineEvent, type EventOf } from './event.ts';

/** Views could not take in an event, and a person let them go on without it. */
export const ProjectionEventSkipped = defineEvent('ProjectionEventSkipped', {
  /** ALL_VIEWS; the name of one view in what was recorded before 0.3.0. */
  view: z.string(),
  /** The event that was left out: its id and its place in the store. */
  eventId: z.uuid(),
  position: z.string(),
  /** Who decided so: an account of the machine, or the name they gave. */
  by: z.string(),
  reason: z.string(),
});

export const projectionEvents = [ProjectionEventSkipped] as const;

export type ProjectionEvent = EventOf<typeof ProjectionEventSkipped>;

/** Stands in the place of a view's name where a decision is about all of them. */
export const ALL_VIEWS = 'all';

/** Where the decisions about a view are kept, or those about ALL_VIEWS. */
export const projectionStream = (view: string): string => `projection-${view}`;

/** A ticket's life is told in these: a view that has not the one must not have the other, or the order is lost. */
const OF_TICKETS = /^(?:ticket|conversation|internal)-/;
const ofTicket = (ticketId: string): string => `ticket-${ticketId}`;

/** What a view holds back together with an event of this stream: the ticket with all its streams, or the stream alone. */
export const subjectOf = (stream: string): string => stream.replace(OF_TICKETS, ofTicket(''));

/** Does this stream tell of a ticket? */
export const isOfTicket = (stream: string): boolean => OF_TICKETS.test(stream);

/** Does this stream tell of a customer, or of an id under which one is known? */
export const isOfCustomer = (stream: string): boolean => /^(?:customer|identity)-/.test(stream);

/** Is this ticket one of `subjects`? */
export const holdsTicket = (subjects: ReadonlySet<string>, ticketId: string): boolean =>
  subjects.has(ofTicket(ticketId));

/** @returns the subject that holds this event back; undefined: none */
export function heldBy(
  subjects: ReadonlySet<string>,
  stream: string,
  data: object | undefined,
): string | undefined {
  if (subjects.size === 0) return undefined;
  const own = subjectOf(stream);
  if (subjects.has(own)) return own;
  // A delivery or a file has a stream of its own, and is told under its ticket.
  if (!data || !('ticketId' in data) || typeof data.ticketId !== 'string') return undefined;
  return holdsTicket(subjects, data.ticketId) ? ofTicket(data.ticketId) : undefined;
}

/**
 * A ticket is opened by the first event of its stream. A later one says that the stream was emptied and begun again: no view
 * may take it for the ticket (docs/design/reliability.md#whole-streams).
 */
export const beginsAgain = ({
  type,
  revision,
}: {
  readonly type: string;
  readonly revision: bigint;
}): boolean => type === 'TicketOpened' && revision > 0n;

/** An erasure waits for nothing, and nothing is taken in before it: what it takes away must be gone. */
export const mustNotWait = ({ type }: { readonly type: string }): boolean => type === 'CustomerErased';
