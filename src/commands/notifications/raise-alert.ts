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
} from '../../domain/notifications/notification.ts';
import {
  noticeKey,
  type ParkedNotice,
  parkedNotice,
  type ParkedStreamFreed,
  type Parked,
  type StreamParked,
} from '../../domain/notifications/parked-notice.ts';
import { staff, STAFF_ID } from '../../domain/staff/staff.ts';
import type { EventOf } from '../../domain/event.ts';
import type { Clock, Ids, Position } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';

type QueueAlert = EventOf<typeof QueueAlertRaised>;
type StreamParkedEvent = EventOf<typeof StreamParked>;
type StreamFreedEvent = EventOf<typeof ParkedStreamFreed>;
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
