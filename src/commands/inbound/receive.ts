/**
 * Turns one inbound item of a channel into events (docs/design/api.md#webhook). Idempotent: ids are made of the
 * item's key, and what is stored already makes no event.
 */
import {
  conversation,
  type Conversation,
  type ConversationEvent,
} from '../../domain/conversation/conversation.ts';
import { wishOf } from '../../domain/customers/offers.ts';
import { delivery } from '../../domain/outbound/delivery.ts';
import type { Inbound, InboundItem } from '../../domain/inbound/inbound.ts';
import type { BlindIndex, Clock, Evidence, Ids } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';
import { followWish, type NewCustomer, optOut, reportsOptOut } from '../customers/opt-out.ts';
import { hadAnother, isAlreadyWritten, isWrittenJustNow } from './already-written.ts';
import { withEvidence } from './evidence.ts';
import { routeAfterHours } from './route-after-hours.ts';
import { actorOf, opensTicket } from './inbound-rules.ts';
import { clampTimestamp } from './clamp-timestamp.ts';
import { followContact } from './follow-contact.ts';
import { resolveCustomer } from './resolve-customer.ts';
import { openTicketFor } from './open-ticket.ts';
import { applyBotSignal } from './bot-signal.ts';
import {
  decideBotReply,
  decideDeliveryReport,
  decideElsewhere,
  decideMessage,
} from './conversation-entries.ts';
import { redeemCode } from '../chat/redeem-code.ts';
import { concernsRegistration, followRegistration } from '../customers/follow-registration.ts';
import { DONE, later, type ReceiveOutcome } from './receive-outcome.ts';
import { recordTemplateStatus } from '../blasts/template-status.ts';

export interface Received {
  /** Unique per channel message or status. */
  readonly key: string;
  /** When we received it, ISO 8601. */
  readonly receivedAt: string;
  /** Told, once it is done, what it led to. Not called when it led to nothing. */
  readonly led?: (evidence: Evidence) => void;
}

/** What stands in the talk, by its id. */
const ENTRIES: ReadonlySet<Inbound['kind']> = new Set(['message', 'said_elsewhere', 'bot_message']);

export type Receive = (inbound: InboundItem, received: Received) => Promise<ReceiveOutcome>;

export interface ReceiveDeps {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly blindIndex: BlindIndex;
  /** IANA name; office hours are local to it. */
  readonly timezone: string;
}

export function createReceive(deps: ReceiveDeps): Receive {
  return async (item, received) => {
    const { handler, evidence } = withEvidence(deps.handler);
    const outcome = await receive({ ...deps, handler }, item, received);
    const led = evidence();
    if (led && outcome.kind === 'done') received.led?.(led);
    return outcome;
  };
}

async function receive(
  deps: ReceiveDeps,
  item: InboundItem,
  { key, receivedAt }: Received,
): Promise<ReceiveOutcome> {
  const { handler, clock, ids } = deps;
  const eventContext = inboundContext(item, ids.from('webhook', key), clock);
  if (item.kind === 'template_status') {
    await recordTemplateStatus(handler, item, eventContext);
    return DONE;
  }
  const inbound = clampTimestamp(item, receivedAt);
  const sentTicketId = await ticketOfOwnMessage(handler, inbound);
  if (sentTicketId !== null && inbound.kind === 'status') {
    await onConversation(handler, sentTicketId, eventContext, (state) =>
      decideDeliveryReport(state, inbound, sentTicketId),
    );
    if (reportsOptOut(inbound)) {
      const { customerKey } = await resolveCustomer(deps, inbound, eventContext);
      await optOut(handler, customerKey, eventContext, 'channel');
    }
    return DONE;
  }
  const resolved = await resolveCustomer(deps, inbound, eventContext);
  const { customerKey, known } = resolved;
  const messageId = ids.fromAt(new Date(inbound.sentAt), 'message', key);

  if (inbound.kind === 'message' && opensTicket(inbound)) {
    const message = { messageId, sentAt: inbound.sentAt };
    const alreadyWritten = async (): Promise<ReceiveOutcome> => {
      await followWish(handler, customerKey, eventContext, wishOf(inbound.content));
      return DONE;
    };
    if (await isAlreadyWritten(handler, known, message, clock.now().getTime())) return alreadyWritten();
    const opened = await openTicketFor(deps, inbound, resolved, key, eventContext, [messageId]);
    if (opened === null) return alreadyWritten();
    const { ticketId, found, isNew } = opened;
    await followContact(handler, resolved, isNew ? null : ticketId, inbound, eventContext);
    await onConversation(handler, ticketId, { ...eventContext, streamIsNew: isNew }, (state) =>
      decideMessage(state, inbound, ticketId, messageId),
    );
    await routeAfterHours(deps, found, inbound, eventContext);
    await followWish(handler, customerKey, eventContext, wishOf(inbound.content));
    await redeemCode(deps, inbound, { customerKey, ticketId, messageId }, eventContext);
    if (concernsRegistration(known, [{ content: inbound.content, messageId }]))
      await followRegistration(deps, inbound, { customerKey, ticketId, messageId }, eventContext);
    return DONE;
  }
  if (inbound.kind === 'opted_out') {
    await optOut(handler, customerKey, eventContext, 'channel', newCustomer(ids, customerKey, inbound));
    return DONE;
  }

  const ticketId = known.status === 'known' ? known.currentTicketId : null;
  if (ticketId === null) return later('unknown_customer');
  if (hadAnother(known) && ENTRIES.has(inbound.kind) && (await isWrittenJustNow(handler, known, [messageId])))
    return DONE;
  switch (inbound.kind) {
    case 'message':
      await followContact(handler, resolved, ticketId, inbound, eventContext);
      await onConversation(handler, ticketId, eventContext, (state) =>
        decideMessage(state, inbound, ticketId, messageId),
      );
      return DONE;
    case 'said_elsewhere':
      await onConversation(handler, ticketId, eventContext, (state) =>
        decideElsewhere(state, inbound, ticketId, messageId),
      );
      return DONE;
    case 'bot_message':
      await onConversation(handler, ticketId, eventContext, (state) =>
        decideBotReply(state, inbound, ticketId, messageId),
      );
      return DONE;
    case 'status':
      await onConversation(handler, ticketId, eventContext, (state) =>
        decideDeliveryReport(state, inbound, ticketId),
      );
      if (reportsOptOut(inbound)) await optOut(handler, customerKey, eventContext, 'channel');
      return DONE;
    case 'handoff':
    case 'resolved':
    case 'lead_detected':
      return applyBotSignal(deps, ticketId, { ...eventContext, key: ids.from('event', key) }, inbound);
  }
}

/** Who said no in the channel before they wrote to us: it holds from their first message on. */
const newCustomer = (
  ids: Ids,
  customerKey: string,
  { division, channel, userId, phone, userName }: Inbound,
): NewCustomer => ({
  customerId: ids.next(),
  customerKey,
  division,
  channel,
  channelUserId: userId,
  phone,
  name: userName,
});

/** A report that names our message belongs to the ticket of that message, also when the customer has a newer one. */
async function ticketOfOwnMessage(handler: CommandHandler, inbound: Inbound): Promise<string | null> {
  if (inbound.kind !== 'status' || inbound.messageId === undefined) return null;
  const sent = await handler.load(delivery, inbound.messageId);
  return sent.status === 'untried' ? null : sent.ticketId;
}

const onConversation = (
  handler: CommandHandler,
  ticketId: string,
  eventContext: EventContext,
  decide: (state: Conversation) => ConversationEvent[],
) => handler.executeCommand(conversation, ticketId, eventContext, decide);

/** @param requestId the same whenever the same item is received */
export function inboundContext(inbound: InboundItem, requestId: string, clock: Clock): EventContext {
  return {
    actor: actorOf(inbound),
    correlationId: requestId,
    causationId: requestId,
    requestId,
    at: clock.now().toISOString(),
  };
}
