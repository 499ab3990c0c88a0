/**
 * Several messages of one customer at once: one look at the customer, one append, however many there are
 * (docs/design/reliability.md#fair-ingestion). Each keeps the id it would have alone, so either way it counts once.
 */
import { conversation } from '../../domain/conversation/conversation.ts';
import type { InboundItem } from '../../domain/inbound/inbound.ts';
import { wishOf } from '../../domain/customers/offers.ts';
import { followWish } from '../customers/opt-out.ts';
import { isAlreadyWritten } from './already-written.ts';
import { clampTimestamp } from './clamp-timestamp.ts';
import { decideMessages } from './conversation-entries.ts';
import { opensTicket, togetherFrom } from './inbound-rules.ts';
import { openTicketFor } from './open-ticket.ts';
import { withEvidence } from './evidence.ts';
import { redeemCode } from '../chat/redeem-code.ts';
import { concernsRegistration, followRegistration } from '../customers/follow-registration.ts';
import { followContact } from './follow-contact.ts';
import { inboundContext, type ReceiveDeps, type Received } from './receive.ts';
import { resolveCustomer } from './resolve-customer.ts';
import { routeAfterHours } from './route-after-hours.ts';

/** @returns how many of the first items are events now; 0: they have to be received one by one */
export type ReceiveTogether = (
  items: readonly { readonly inbound: InboundItem; readonly received: Received }[],
) => Promise<number>;

export function createReceiveTogether(deps: ReceiveDeps): ReceiveTogether {
  const { clock, ids } = deps;
  return async (items) => {
    const { handler, evidence } = withEvidence(deps.handler);
    const messages = togetherFrom(items.map(({ inbound }) => inbound)).flatMap((item, index) => {
      const received = items[index]?.received;
      if (received === undefined) return [];
      const message = clampTimestamp(item, received.receivedAt);
      const messageId = ids.fromAt(new Date(message.sentAt), 'message', received.key);
      return [{ message, messageId, received }];
    });
    const [first] = messages;
    if (first === undefined || messages.length < 2) return 0;
    const eventContext = inboundContext(first.message, ids.from('webhook', first.received.key), clock);
    const used = { ...deps, handler };
    const resolved = await resolveCustomer(used, first.message, eventContext);
    const now = clock.now().getTime();
    for (const { message, messageId } of messages) {
      // One by one shows which of them is there, and leaves out only that one.
      if (await isAlreadyWritten(handler, resolved.known, { messageId, sentAt: message.sentAt }, now))
        return 0;
    }
    const opened = await openTicketFor(
      used,
      first.message,
      resolved,
      first.received.key,
      eventContext,
      messages.map(({ messageId }) => messageId),
    );
    if (opened === null) return 0;
    const { ticketId, found, isNew } = opened;
    await followContact(handler, resolved, isNew ? null : ticketId, first.message, eventContext);
    await handler.executeCommand(conversation, ticketId, { ...eventContext, streamIsNew: isNew }, (state) =>
      decideMessages(state, messages, ticketId),
    );
    const written = messages.map(({ message }) => message).filter(opensTicket);
    for (const message of written) await routeAfterHours(used, found, message, eventContext);
    for (const { content } of written)
      await followWish(handler, resolved.customerKey, eventContext, wishOf(content));
    const of = { customerKey: resolved.customerKey, ticketId };
    for (const { message, messageId } of messages)
      if (opensTicket(message)) await redeemCode(used, message, { ...of, messageId }, eventContext);
    const said = messages.map(({ message: { content }, messageId }) => ({ content, messageId }));
    const registers = concernsRegistration(resolved.known, said);
    for (const { message, messageId } of messages)
      if (registers && opensTicket(message))
        await followRegistration(used, message, { ...of, messageId }, eventContext);
    const led = evidence();
    if (led) for (const { received } of messages) received.led?.(led);
    return messages.length;
  };
}
