/** The agent who has the ticket answers the customer on L1 (docs/design/api.md#reply). Delivery is the sender's job. */
import { z } from 'zod';
import {
  conversation,
  type Conversation,
  type ConversationEvent,
} from '../../domain/conversation/conversation.ts';
import { showsSomething } from '../../domain/words.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { isReadable } from '../../domain/outbound/readable.ts';
import { isWithin, TEXT_LIMITS } from '../../domain/outbound/text-limit.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type ExistingTicket, ticket, type Ticket } from '../../domain/tickets/ticket.ts';
import type { Clock, Ids } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { assigneeOf, requireOpen, requireVisible } from '../tickets/ticket-access.ts';

/** What a person reads: a text that shows nothing is none. */
export const messageText = z
  .string()
  .trim()
  .min(1)
  .max(4096)
  .refine(showsSomething, { message: 'Pesan tidak boleh kosong' });
export const input = z.strictObject({ message: messageText });
export type ReplyInput = z.infer<typeof input>;

const WINDOW_MS = 24 * 60 * 60 * 1000;

/**
 * WhatsApp lets a business write freely only within 24 h of the customer's last message
 * (docs/design/whatsapp.md#service-window).
 */
export function windowIsOpen(found: ExistingTicket, conversationState: Conversation, now: string): boolean {
  const last = conversationState.lastCustomerMessageAt;
  if (found.channel !== 'whatsapp') return true;
  return last !== null && Date.parse(now) - Date.parse(last) <= WINDOW_MS;
}

/** What nobody can read must not look as if it were said. @throws Refusal CHANNEL_UNREADABLE */
export function requireReadable<T extends Pick<ExistingTicket, 'channel'>>(found: T): T {
  if (!isReadable(found.channel)) throw new Refusal('CHANNEL_UNREADABLE');
  return found;
}

const UNIT_WORDS = { characters: 'karakter', bytes: 'byte (satu emoji 4 byte)' } as const;

/** Said now, not by the channel afterwards: nobody waits for an answer that never went out. @throws Refusal MESSAGE_TOO_LONG */
export function requireFits({ channel }: Pick<ExistingTicket, 'channel'>, text: string): void {
  const limit = TEXT_LIMITS[channel];
  if (isWithin(text, limit)) return;
  const most = new Intl.NumberFormat('id-ID').format(limit.most);
  throw new Refusal('MESSAGE_TOO_LONG', [
    { path: 'message', message: `Paling banyak ${most} ${UNIT_WORDS[limit.unit]} di kanal ini` },
  ]);
}

/** @throws Refusal SERVICE_WINDOW_CLOSED */
export function requireOpenWindow(found: ExistingTicket, conversationState: Conversation, now: string): void {
  if (!windowIsOpen(found, conversationState, now)) throw new Refusal('SERVICE_WINDOW_CLOSED');
}

/** @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN, NOT_ASSIGNEE, TICKET_CLOSED, CHANNEL_UNREADABLE */
export function requireReplyAllowed(state: Ticket, caller: Caller): ExistingTicket {
  const found = requireVisible(state, caller);
  if (assigneeOf(found) !== caller.id) throw new Refusal('NOT_ASSIGNEE');
  return requireReadable(requireOpen(found));
}

/** @throws Refusal SERVICE_WINDOW_CLOSED, MESSAGE_TOO_LONG */
export function decideReply(
  conversationState: Conversation,
  found: ExistingTicket,
  reply: { readonly messageId: string; readonly content: string; readonly agentId: string },
  now: string,
): ConversationEvent[] {
  requireOpenWindow(found, conversationState, now);
  requireFits(found, reply.content);
  return [
    { type: 'AgentReplied', data: { ticketId: found.id, division: found.division, ...reply, sentAt: now } },
  ];
}

export const reply =
  ({ handler, clock, ids }: { handler: CommandHandler; clock: Clock; ids: Ids }) =>
  async (ctx: CommandContext, ticketId: string, { message }: ReplyInput) => {
    const eventContext = eventContextOf(ctx, clock);
    const found = requireReplyAllowed(await handler.load(ticket, ticketId), ctx.caller);
    const messageId = ids.next();
    const { events, position } = await handler.executeCommand(
      conversation,
      ticketId,
      eventContext,
      (conversationState) =>
        decideReply(
          conversationState,
          found,
          { messageId, content: message, agentId: ctx.caller.id },
          eventContext.at,
        ),
    );
    // With a repeated key these are the events of the first run.
    const sent = events.find((event) => event.type === 'AgentReplied')?.data;
    return { message_id: sent?.messageId ?? messageId, sent_at: sent?.sentAt ?? eventContext.at, position };
  };
