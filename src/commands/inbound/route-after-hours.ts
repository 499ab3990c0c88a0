/**
 * A message outside office hours for a ticket whose bot has handed off runs routing again
 * (docs/design/business-rules.md#routing).
 */
import type { InboundMessage } from '../../domain/inbound/inbound.ts';
import { priorityOf, ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';
import { outsideHours } from './open-ticket.ts';

/** Most tickets cannot be routed in another way, and need no look at the office hours. */
export const mayBeRouted = (state: Ticket): boolean =>
  (state.status === 'free' && state.handedOff) ||
  (state.status === 'queued' && state.handedOff && state.label === 'waiting_agent');

/**
 * The router takes it from the queue: for the agent who knows the customer, else with the label of the night. A ticket
 * that waits for its agent goes on waiting.
 */
export function decideRouteAfterHours(state: Ticket): TicketEvent[] {
  if (state.status === 'absent' || !mayBeRouted(state)) return [];
  const { id: ticketId, division, lastAgentId } = state;
  const own = state.status === 'free' ? lastAgentId : null;
  const label = own === null ? 'off_hours' : 'returning_customer';
  return [
    { type: 'TicketQueued', data: { ticketId, division, label, waitingFor: own, ...priorityOf(state) } },
  ];
}

/** @param found the message's ticket, before this message */
export async function routeAfterHours(
  deps: { readonly handler: CommandHandler; readonly timezone: string },
  found: Ticket,
  message: InboundMessage,
  eventContext: EventContext,
): Promise<void> {
  if (found.status === 'absent' || !mayBeRouted(found)) return;
  // The time of arrival counts: a message that was delivered late finds the division at work.
  if (!(await outsideHours(deps, { ...message, sentAt: eventContext.at }))) return;
  await deps.handler.executeCommand(ticket, found.id, eventContext, decideRouteAfterHours);
}
