/** Facts that a clock finds: tickets that wait too long, tickets that went idle (domain.md, 'Notifications'). */
import {
  type Alerts,
  alertKey,
  alerts,
  type IdleTicketsFound,
  type QueueAlertRaised,
} from '../../domain/notifications/notification.ts';
import type { EventOf } from '../../domain/event.ts';
import type { Clock, Ids, Position } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';

type QueueAlert = EventOf<typeof QueueAlertRaised>;
type IdleAlert = EventOf<typeof IdleTicketsFound>;

/** Only tickets that were not told of in this episode and on this level; nothing when nobody would hear it. */
export function decideQueueAlert({ alerted: told }: Alerts, found: QueueAlert['data']): QueueAlert[] {
  const tickets = found.tickets.filter((ticket) => !told.has(alertKey(found.minutes, ticket)));
  if (tickets.length === 0 || found.recipients.length === 0) return [];
  return [{ type: 'QueueAlertRaised', data: { ...found, tickets } }];
}

/** Only tickets that were not told of since their last activity. */
export function decideIdleAlert({ alerted: told }: Alerts, found: IdleAlert['data']): IdleAlert[] {
  const tickets = found.tickets.filter((ticket) => !told.has(alertKey(found.hours, ticket)));
  return tickets.length === 0 ? [] : [{ type: 'IdleTicketsFound', data: { ...found, tickets } }];
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
    /** @returns where the alert stands; START when there was nothing to tell */
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
  };
};
