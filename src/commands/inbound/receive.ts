/**
 * Turns one inbound item of a channel into events (contract.md 5). Idempotent: ids are made of the item's
 * key, and what is already there makes no event.
 */
import {
  conversation,
  type Conversation,
  type ConversationEvent,
  isWritten,
  reportKey,
} from '../../domain/conversation/conversation.ts';
import { botChanges } from '../../domain/crm/change.ts';
import { crmUpdated } from '../../domain/crm/crm.ts';
import { delivery } from '../../domain/outbound/delivery.ts';
import type { Inbound, InboundItem, InboundMessage } from '../../domain/inbound/inbound.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type ExistingTicket, ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import type { Actor, BlindIndex, Clock, Ids } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';
import { asksToStop, optOut, OPTED_OUT_CODE } from '../customers/opt-out.ts';
import { routeAfterHours } from './route-after-hours.ts';
import { clampTimestamp } from './clamp-timestamp.ts';
import { resolveCustomer } from './resolve-customer.ts';
import { openTicketFor, outsideHours } from './open-ticket.ts';
import { recordTemplateStatus } from '../blasts/template-status.ts';

/** `later`: what it is about is not here yet, try again; `refused`: it never will be, keep it as a dead letter. */
export type ReceiveOutcome =
  { readonly kind: 'done' } | { readonly kind: 'later' | 'refused'; readonly reason: string };

export interface Received {
  /** Unique per channel message or status. */
  readonly key: string;
  readonly receivedAt: string;
}

export type Receive = (inbound: InboundItem, received: Received) => Promise<ReceiveOutcome>;

interface Deps {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly blindIndex: BlindIndex;
  /** IANA name; office hours are local to it. */
  readonly timezone: string;
}

const DONE: ReceiveOutcome = { kind: 'done' };
const later = (reason: string): ReceiveOutcome => ({ kind: 'later', reason });

/** These are about a message that is there, or about no message: they neither open nor reopen a ticket (whatsapp.md 3). */
const opensTicket = ({ contentKind: kind }: InboundMessage): boolean =>
  isWritten(kind) && kind !== 'reaction' && kind !== 'edited';

export function createReceive(deps: Deps): Receive {
  const { handler, clock, ids } = deps;
  return async (item, { key, receivedAt }) => {
    const eventContext = aroundInbound(item, ids.from('webhook', key), clock);
    if (item.kind === 'template_status') {
      await recordTemplateStatus(handler, item, eventContext);
      return DONE;
    }
    const inbound = clampTimestamp(item, receivedAt);
    const own = await ticketOfOwnMessage(handler, inbound);
    if (own !== null && inbound.kind === 'status') {
      await talk(handler, own, eventContext, (state) => decideReport(state, inbound, own));
      if (saysOptedOut(inbound)) {
        const { customerKey } = await resolveCustomer(deps, inbound, eventContext);
        await optOut(handler, customerKey, eventContext, 'channel');
      }
      return DONE;
    }
    const resolved = await resolveCustomer(deps, inbound, eventContext);
    const { customerKey, known } = resolved;
    const messageId = ids.fromAt(new Date(inbound.sentAt), 'message', key);

    if (inbound.kind === 'message' && opensTicket(inbound)) {
      const { ticketId, found } = await openTicketFor(deps, inbound, resolved, key, eventContext);
      await talk(handler, ticketId, eventContext, (state) =>
        decideMessage(state, inbound, ticketId, messageId),
      );
      await routeAfterHours(deps, found, inbound, eventContext);
      if (asksToStop(inbound.content)) await optOut(handler, customerKey, eventContext, 'keyword');
      return DONE;
    }

    const ticketId = known.status === 'known' ? known.currentTicketId : null;
    if (ticketId === null) return later('unknown_customer');
    switch (inbound.kind) {
      case 'message':
        await talk(handler, ticketId, eventContext, (state) =>
          decideMessage(state, inbound, ticketId, messageId),
        );
        return DONE;
      case 'bot_message':
        await talk(handler, ticketId, eventContext, (state) =>
          decideBotReply(state, inbound, ticketId, messageId),
        );
        return DONE;
      case 'status':
        await talk(handler, ticketId, eventContext, (state) => decideReport(state, inbound, ticketId));
        if (saysOptedOut(inbound)) await optOut(handler, customerKey, eventContext, 'channel');
        return DONE;
      case 'opted_out':
        await optOut(handler, customerKey, eventContext, 'channel');
        return DONE;
      case 'handoff':
      case 'resolved':
      case 'lead_detected':
        return onTicket(deps, ticketId, { ...eventContext, key: ids.from('event', key) }, inbound);
    }
  };
}

/** Channels say no at once or in a later report (whatsapp.md 8). */
const saysOptedOut = ({ status, error }: Extract<Inbound, { kind: 'status' }>): boolean =>
  status === 'failed' && error?.split(' ')[0] === OPTED_OUT_CODE;

/** A report that names a message of ours belongs to its ticket, however many tickets the customer has had since. */
async function ticketOfOwnMessage(handler: CommandHandler, inbound: Inbound): Promise<string | null> {
  if (inbound.kind !== 'status' || inbound.messageId === undefined) return null;
  const sent = await handler.load(delivery, inbound.messageId);
  return sent.status === 'untried' ? null : sent.ticketId;
}

const talk = (
  handler: CommandHandler,
  ticketId: string,
  eventContext: EventContext,
  decide: (state: Conversation) => ConversationEvent[],
) => handler.executeCommand(conversation, ticketId, eventContext, decide);

/** Delivered late, the bot's last word must not close a talk that the customer has begun again (whatsapp.md 2). */
async function wroteAfter(handler: CommandHandler, ticketId: string, at: string): Promise<boolean> {
  const { lastCustomerMessageAt } = await handler.load(conversation, ticketId);
  return lastCustomerMessageAt !== null && Date.parse(lastCustomerMessageAt) > Date.parse(at);
}

async function onTicket(
  deps: Deps,
  ticketId: string,
  eventContext: EventContext,
  inbound: Extract<Inbound, { kind: 'handoff' | 'resolved' | 'lead_detected' }>,
): Promise<ReceiveOutcome> {
  if (inbound.kind === 'resolved' && (await wroteAfter(deps.handler, ticketId, inbound.sentAt))) return DONE;
  try {
    const isOffHours = await outsideHours(deps, inbound);
    await deps.handler.executeCommand(ticket, ticketId, eventContext, (state) =>
      decideOnTicket(state, inbound, isOffHours, eventContext.at),
    );
    return DONE;
  } catch (error) {
    // The bot may speak of a ticket that the customer's next message has yet to open.
    if (error instanceof Refusal && error.code === 'TICKET_CLOSED') return later('ticket_closed');
    throw error;
  }
}

export function decideMessage(
  state: Conversation,
  message: InboundMessage,
  ticketId: string,
  messageId: string,
): ConversationEvent[] {
  if (state.seen.includes(messageId)) return [];
  const {
    division,
    channel,
    channelMessageId,
    contentKind,
    content,
    userName,
    attachments,
    replyTo,
    sentAt,
  } = message;
  return [
    {
      type: 'MessageReceived',
      data: {
        ticketId,
        division,
        messageId,
        channel,
        channelMessageId,
        content,
        attachments,
        replyTo,
        sentAt,
        kind: contentKind,
        senderName: userName,
      },
    },
  ];
}

export function decideBotReply(
  state: Conversation,
  { division, channelMessageId, content, confidence, sentAt }: Extract<Inbound, { kind: 'bot_message' }>,
  ticketId: string,
  messageId: string,
): ConversationEvent[] {
  if (state.seen.includes(messageId)) return [];
  const data = { ticketId, division, messageId, channelMessageId, content, confidence, sentAt };
  return [{ type: 'BotReplied', data }];
}

export function decideReport(
  state: Conversation,
  { division, channelMessageId, messageId, status, error, sentAt }: Extract<Inbound, { kind: 'status' }>,
  ticketId: string,
): ConversationEvent[] {
  if (state.seen.includes(reportKey(channelMessageId, status))) return [];
  const named = messageId === undefined ? {} : { messageId };
  const data = { ticketId, division, channelMessageId, ...named, status, error, reportedAt: sentAt };
  return [{ type: 'DeliveryReported', data }];
}

/** What the bot says about the ticket. @throws Refusal TICKET_CLOSED */
export function decideOnTicket(
  state: Ticket,
  inbound: Extract<Inbound, { kind: 'handoff' | 'resolved' | 'lead_detected' }>,
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
      // Once it waits for or has a person, only a person ends it.
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

/** Into the queue, where the router finds it: for the agent who knows the customer if there is one. */
function queueAfterHandoff(
  state: Extract<ExistingTicket, { status: 'free' }>,
  isOffHours: boolean,
): TicketEvent {
  const label =
    state.lastAgentId !== null ? 'returning_customer' : isOffHours ? 'off_hours' : 'waiting_agent';
  return {
    type: 'TicketQueued',
    data: { ticketId: state.id, division: state.division, label, waitingFor: state.lastAgentId },
  };
}

function aroundInbound(inbound: InboundItem, requestId: string, clock: Clock): EventContext {
  return {
    actor: actorOf(inbound),
    correlationId: requestId,
    causationId: requestId,
    requestId,
    at: clock.now().toISOString(),
  };
}

function actorOf({ kind }: InboundItem): Actor {
  if (kind === 'message') return { kind: 'customer' };
  return kind === 'status' || kind === 'template_status' || kind === 'opted_out'
    ? { kind: 'system', process: 'channel' }
    : { kind: 'bot' };
}
