/**
 * Notifications of staff (docs/design/business-rules.md#notifications). Most follow from a ticket's own events
 * (`notification-rules.ts`); what a scheduled job finds is an event here first, so that it notifies once.
 */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { leaving } from '../routing/who-can-answer.ts';
import { division } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream names

/** `kind`: `queue`, `idle` or `returned`. One stream each: the consistency boundary of 'alerted once'. */
export const alertsStream = (kind: string): string => `alerts-${kind}`;
export const notificationsStream = (userId: string): string => `notifications-${userId}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const watched = { ticketId: z.uuid(), division };

/** These tickets wait in the queue for longer than `minutes`. */
export const QueueAlertRaised = defineEvent('QueueAlertRaised', {
  minutes: z.int().positive(),
  /** `episode`: id of the event that put the ticket into the queue, this time. */
  tickets: z.array(z.object({ ...watched, episode: z.string() })).min(1),
  /** Who is notified, as of the moment it was found. */
  recipients: z.array(z.uuid()).min(1),
});
/** Nothing has happened on these assigned tickets for `hours`. */
export const IdleTicketsFound = defineEvent('IdleTicketsFound', {
  hours: z.number().positive(),
  /** `episode`: moment of the last activity. */
  tickets: z.array(z.object({ ...watched, agentId: z.uuid(), episode: z.string() })).min(1),
  /** Team leads are notified of all tickets, each agent of their own. */
  leads: z.array(z.uuid()),
});
/** An agent cannot answer any more: their open tickets go back to the queue (docs/design/business-rules.md#people-who-left). */
export const TicketsReturned = defineEvent('TicketsReturned', {
  agentId: z.uuid(),
  because: leaving,
  /** `episode`: the agent's rights as they were then, so that one return is told of once. */
  tickets: z.array(z.object({ ticketId: z.uuid(), episode: z.string() })).min(1),
  /** Who is notified: team leads, as of that moment. */
  recipients: z.array(z.uuid()).min(1),
});
export const NotificationRead = defineEvent('NotificationRead', {
  userId: z.uuid(),
  notificationId: z.uuid(),
});

export const notificationEvents = [
  QueueAlertRaised,
  IdleTicketsFound,
  TicketsReturned,
  NotificationRead,
] as const;
export type NotificationEvent = EventOf<(typeof notificationEvents)[number]>;
type AlertEvent = EventOf<typeof QueueAlertRaised | typeof IdleTicketsFound | typeof TicketsReturned>;

// ---------------------------------------------------------------- state

/** The latest alerts. Older ones are in the read tables; this guards against two processes at the same time. */
export interface Alerts {
  readonly alerted: ReadonlySet<string>;
}

export interface ReadMarks {
  readonly read: ReadonlySet<string>;
}

/** Identity of an alert: a ticket gets another alert only in another episode, or on another level. */
export const alertKey = (level: number, ticket: { readonly ticketId: string; readonly episode: string }) =>
  `${String(level)} ${ticket.ticketId} ${ticket.episode}`;

const MAX_KEPT = 5_000;
const TAIL = 64;

// ---------------------------------------------------------------- evolve

function lastOf(known: ReadonlySet<string>, more: readonly string[]): ReadonlySet<string> {
  const all = [...known, ...more];
  return new Set(all.slice(Math.max(0, all.length - MAX_KEPT)));
}

/** A return has no levels. */
export const RETURN_LEVEL = 0;

function levelOf({ type, data }: AlertEvent): number {
  if (type === 'QueueAlertRaised') return data.minutes;
  return type === 'IdleTicketsFound' ? data.hours : RETURN_LEVEL;
}

export const alerts: Aggregate<Alerts, AlertEvent> = {
  category: 'alerts',
  stream: alertsStream,
  initial: { alerted: new Set() },
  evolve: (state, event) => {
    const level = levelOf(event);
    return {
      alerted: lastOf(
        state.alerted,
        event.data.tickets.map((ticket) => alertKey(level, ticket)),
      ),
    };
  },
  tail: TAIL,
};

export const readMarks: Aggregate<ReadMarks, EventOf<typeof NotificationRead>> = {
  category: 'notifications',
  stream: notificationsStream,
  initial: { read: new Set() },
  evolve: (state, { data }) => ({ read: lastOf(state.read, [data.notificationId]) }),
  tail: TAIL,
};
