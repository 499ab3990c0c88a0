/**
 * Facts that a scheduled job finds: tickets that wait too long, idle tickets
 * (docs/design/business-rules.md#queue-alerts).
 */
import {
  type Alerts,
  alertKey,
  alerts,
  type IdleTicketsFound,
  type QueueAlertRaised,
  RETURN_LEVEL,
  type TicketsReturned,
} from '../../domain/notifications/notification.ts';
import {
  noticeKey,
  type ParkedNotice,
  parkedNotice,
  type ParkedStreamFreed,
  type Parked,
  type StreamParked,
} from '../../domain/notifications/parked-notice.ts';
import type { ReturnOfTickets } from '../routing/route-ticket.ts';
import { staff, STAFF_ID } from '../../domain/staff/staff.ts';
import type { EventOf } from '../../domain/event.ts';
import type { Clock, Ids, Position } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';

type QueueAlert = EventOf<typeof QueueAlertRaised>;
type StreamParkedEvent = EventOf<typeof StreamParked>;
type StreamFreedEvent = EventOf<typeof ParkedStreamFreed>;
type TicketsReturnedEvent = EventOf<typeof TicketsReturned>;
type IdleAlert = EventOf<typeof IdleTicketsFound>;

/** Only tickets without an alert in this episode and on this level; no event when nobody would be notified. */
export function decideQueueAlert({ alerted }: Alerts, found: QueueAlert['data']): QueueAlert[] {
  const tickets = found.tickets.filter((ticket) => !alerted.has(alertKey(found.minutes, ticket)));
  if (tickets.length === 0 || found.recipients.length === 0) return [];
  return [{ type: 'QueueAlertRaised', data: { ...found, tickets } }];
}

/** Only tickets without an alert since their last activity. */
export function decideIdleAlert({ alerted }: Alerts, found: IdleAlert['data']): IdleAlert[] {
  const tickets = found.tickets.filter((ticket) => !alerted.has(alertKey(found.hours, ticket)));
  return tickets.length === 0 ? [] : [{ type: 'IdleTicketsFound', data: { ...found, tickets } }];
}

/** Only tickets that nobody was told of with these rights of the agent; no event when nobody would be notified. */
export function decideReturnNotice(
  { alerted }: Alerts,
  found: TicketsReturnedEvent['data'],
): TicketsReturnedEvent[] {
  const tickets = found.tickets.filter((ticket) => !alerted.has(alertKey(RETURN_LEVEL, ticket)));
  if (tickets.length === 0 || found.recipients.length === 0) return [];
  return [{ type: 'TicketsReturned', data: { ...found, tickets } }];
}

/** Once for each stream and view, until it is freed. No event when nobody would be told. */
export function decideParkedNotice(
  { open }: ParkedNotice,
  found: StreamParkedEvent['data'],
): StreamParkedEvent[] {
  return open || found.recipients.length === 0 ? [] : [{ type: 'StreamParked', data: found }];
}

/** Nobody has to look at it any more; parked again later it is told of again. */
export function decideFreedNotice(
  { open }: ParkedNotice,
  freed: StreamFreedEvent['data'],
): StreamFreedEvent[] {
  return open ? [{ type: 'ParkedStreamFreed', data: freed }] : [];
}

/** So that one event stays small. */
const MOST_RETURNED = 500;

export type RaiseAlert = ReturnType<typeof raiseAlert>;

export const raiseAlert = ({ handler, clock, ids }: { handler: CommandHandler; clock: Clock; ids: Ids }) => {
  const eventContext = (process: string): EventContext => {
    const id = ids.next();
    return {
      actor: { kind: 'system', process },
      correlationId: id,
      causationId: id,
      requestId: id,
      at: clock.now().toISOString(),
    };
  };
  return {
    /** @returns the position of the alert; START when there was none to raise */
    async queue(found: QueueAlert['data']): Promise<Position> {
      const done = await handler.executeCommand(alerts, 'queue', eventContext('queue-alerts'), (state) =>
        decideQueueAlert(state, found),
      );
      return done.position;
    },
    /**
     * Tells `recipients` how many tickets of an agent go back to the queue. At most 500 are counted in one notice.
     * @param ticketIds sorted
     */
    async returned(
      {
        agentId,
        because,
        generation,
        ticketIds,
      }: ReturnOfTickets & { readonly ticketIds: readonly string[] },
      recipients: readonly string[],
      cause: string,
    ): Promise<void> {
      const about = { ...eventContext('routing'), causationId: cause };
      for (let from = 0; from < ticketIds.length; from += MOST_RETURNED) {
        const tickets = ticketIds
          .slice(from, from + MOST_RETURNED)
          .map((ticketId) => ({ ticketId, episode: `${agentId}.${String(generation)}` }));
        const found = { agentId, because, tickets, recipients: [...recipients] };
        await handler.executeCommand(alerts, 'returned', about, (state) => decideReturnNotice(state, found));
      }
    },
    async idle(found: IdleAlert['data']): Promise<Position> {
      const done = await handler.executeCommand(alerts, 'idle', eventContext('idle-tickets'), (state) =>
        decideIdleAlert(state, found),
      );
      return done.position;
    },
    /** Tells all active super admins, as the event store has them: the table of users may be what is held back. */
    async parked({ view, subject }: Parked): Promise<Position> {
      const { superAdmins } = await handler.load(staff, STAFF_ID);
      const found = { view, subject, recipients: [...superAdmins] };
      const done = await handler.executeCommand(
        parkedNotice,
        noticeKey(found),
        eventContext('parked-streams'),
        (state) => decideParkedNotice(state, found),
      );
      return done.position;
    },
    async freed(notice: StreamFreedEvent['data']): Promise<Position> {
      const done = await handler.executeCommand(
        parkedNotice,
        noticeKey(notice),
        eventContext('parked-streams'),
        (state) => decideFreedNotice(state, notice),
      );
      return done.position;
    },
  };
};
