/**
 * What the bot reports about the ticket: a handoff, a resolved question, a detected lead
 * (docs/design/api.md#webhook).
 */
import { conversation } from '../../domain/conversation/conversation.ts';
import { botChanges } from '../../domain/crm/change.ts';
import { crmUpdated } from '../../domain/crm/crm.ts';
import type { Inbound } from '../../domain/inbound/inbound.ts';
import { Refusal } from '../../domain/refusals.ts';
import {
  type ExistingTicket,
  priorityOf,
  ticket,
  type Ticket,
  type TicketEvent,
} from '../../domain/tickets/ticket.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';
import { outsideHours } from './open-ticket.ts';
import { DONE, later, type ReceiveOutcome } from './receive-outcome.ts';

export type BotSignal = Extract<Inbound, { kind: 'handoff' | 'resolved' | 'lead_detected' }>;

/** @throws Refusal TICKET_CLOSED */
export function decideBotSignal(
  state: Ticket,
  inbound: BotSignal,
  isOffHours: boolean,
  at: string,
): TicketEvent[] {
  if (state.status === 'absent' || (state.status === 'closed' && inbound.kind !== 'resolved')) {
    throw new Refusal('TICKET_CLOSED');
  }
  const about = { ticketId: state.id, division: state.division };
  switch (inbound.kind) {
    case 'lead_detected': {
      const { fields, confidence } = inbound;
      const changes = botChanges(state.division, state.crm, fields);
      return [
        { type: 'LeadDetected', data: { ...about, fields, confidence } },
        ...(changes.length > 0 ? [crmUpdated(about, changes, { source: 'bot', confidence, at })] : []),
      ];
    }
    case 'resolved':
      // A ticket that waits for an agent, or has one, is closed by a person only.
      return state.status === 'free'
        ? [{ type: 'TicketClosed', data: { ...about, outcome: 'bot_resolved', reason: null } }]
        : [];
    case 'handoff':
      return state.status === 'free'
        ? [
            { type: 'HandoffRequested', data: { ...about, reason: inbound.reason } },
            queueAfterHandoff(state, isOffHours),
          ]
        : [];
  }
}

/** The router takes it from the queue: for the agent who knows the customer, if there is one. */
export function queueAfterHandoff(
  state: Extract<ExistingTicket, { status: 'free' }>,
  isOffHours: boolean,
): TicketEvent {
  const label =
    state.lastAgentId !== null ? 'returning_customer' : isOffHours ? 'off_hours' : 'waiting_agent';
  return {
    type: 'TicketQueued',
    data: {
      ...{ ticketId: state.id, division: state.division, label, waitingFor: state.lastAgentId },
      ...priorityOf(state),
    },
  };
}

/**
 * A late `resolved` must not close a ticket in which the customer has written again
 * (docs/design/whatsapp.md#delivery-guarantees).
 */
async function customerWroteAfter(handler: CommandHandler, ticketId: string, at: string): Promise<boolean> {
  const { lastCustomerMessageAt } = await handler.load(conversation, ticketId);
  return lastCustomerMessageAt !== null && Date.parse(lastCustomerMessageAt) > Date.parse(at);
}

/** @returns `later` while the ticket is closed: the bot may speak of one that the next message has yet to open */
export async function applyBotSignal(
  deps: { readonly handler: CommandHandler; readonly timezone: string },
  ticketId: string,
  eventContext: EventContext,
  inbound: BotSignal,
): Promise<ReceiveOutcome> {
  if (inbound.kind === 'resolved' && (await customerWroteAfter(deps.handler, ticketId, inbound.sentAt)))
    return DONE;
  try {
    const isOffHours = await outsideHours(deps, inbound);
    await deps.handler.executeCommand(ticket, ticketId, eventContext, (state) =>
      decideBotSignal(state, inbound, isOffHours, eventContext.at),
    );
    return DONE;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'TICKET_CLOSED') return later('ticket_closed');
    throw error;
  }
}
