/**
 * A super admin writes to the customer as the team; the ticket's owner does not change
 * (docs/design/api.md#reply-as-team).
 */
import { z } from 'zod';
import {
  conversation,
  type Conversation,
  type ConversationEvent,
} from '../../domain/conversation/conversation.ts';
import { type ExistingTicket, ticket } from '../../domain/tickets/ticket.ts';
import type { Clock, Ids } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { messageText, requireFits, requireOpenWindow } from './reply.ts';
import { assigneeOf, requireOpen, requireVisible } from '../tickets/ticket-access.ts';

/** Under this name alone: a customer must not take one person for another. */
export const TEAM_NAME = 'Saga Team';

export const input = z.strictObject({
  message: messageText,
  display_name: z.literal(TEAM_NAME).default(TEAM_NAME),
});
export type ReplyAsSaInput = z.infer<typeof input>;

/** @throws Refusal SERVICE_WINDOW_CLOSED, MESSAGE_TOO_LONG */
export function decideReplyAsSa(
  conversationState: Conversation,
  found: ExistingTicket,
  teamMessage: {
    readonly messageId: string;
    readonly content: string;
    readonly senderId: string;
    readonly displayName: string;
  },
  now: string,
): ConversationEvent[] {
  requireOpenWindow(found, conversationState, now);
  requireFits(found, teamMessage.content);
  const notifiedAgentId = assigneeOf(found);
  return [
    {
      type: 'TeamReplied',
      data: { ticketId: found.id, division: found.division, ...teamMessage, sentAt: now, notifiedAgentId },
    },
  ];
}

export const replyAsSa =
  ({ handler, clock, ids }: { handler: CommandHandler; clock: Clock; ids: Ids }) =>
  async (ctx: CommandContext, ticketId: string, { message, display_name }: ReplyAsSaInput) => {
    const eventContext = eventContextOf(ctx, clock);
    const found = requireOpen(requireVisible(await handler.load(ticket, ticketId), ctx.caller));
    const messageId = ids.next();
    const teamMessage = { messageId, content: message, senderId: ctx.caller.id, displayName: display_name };
    const { events, position } = await handler.executeCommand(
      conversation,
      ticketId,
      eventContext,
      (conversationState) => decideReplyAsSa(conversationState, found, teamMessage, eventContext.at),
    );
    // With a repeated key these are the events of the first run.
    const sent = events.find((event) => event.type === 'TeamReplied')?.data;
    return {
      message_id: sent?.messageId ?? messageId,
      notified_agent_id: sent ? sent.notifiedAgentId : assigneeOf(found),
      position,
    };
  };
