/** What a channel delivers, as entries of the conversation: a message, a reply of the bot, a delivery report. Each once. */
import {
  type Conversation,
  type ConversationEvent,
  reportKey,
} from '../../domain/conversation/conversation.ts';
import { wishOf } from '../../domain/customers/offers.ts';
import type { Inbound, InboundMessage } from '../../domain/inbound/inbound.ts';

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
    line,
    templatesBy,
    parts,
    channelRef,
  } = message;
  const wish = wishOf(content);
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
        ...(typeof line === 'string' && { line }),
        ...(templatesBy && { templatesBy }),
        ...(parts && { parts }),
        ...(channelRef !== undefined && { channelRef }),
        ...(wish !== null && { wish }),
      },
    },
  ];
}

/** Several messages of one customer in the channel's order; each counts once, whatever was received with it. */
export const decideMessages = (
  state: Conversation,
  messages: readonly { readonly message: InboundMessage; readonly messageId: string }[],
  ticketId: string,
): ConversationEvent[] =>
  messages.flatMap(({ message, messageId }) => decideMessage(state, message, ticketId, messageId));

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

/**
 * Channels also tell what our own sender and our bots sent: a text of ours that was just said is that, and no colleague's
 * (docs/design/channels.md#said-elsewhere). Another name in front of it is the channel's way to show who wrote.
 */
export function decideElsewhere(
  state: Conversation,
  said: Extract<Inbound, { kind: 'said_elsewhere' }>,
  ticketId: string,
  messageId: string,
): ConversationEvent[] {
  const { division, channelMessageId, contentKind, content, attachments, sentAt, line, by } = said;
  const isOwn = state.said.some((text) => content === text || content.endsWith(`:\n${text}`));
  if (state.seen.includes(messageId) || isOwn) return [];
  return [
    {
      type: 'RepliedElsewhere',
      data: {
        ...{ ticketId, division, messageId, channelMessageId, content, attachments, sentAt, by },
        kind: contentKind,
        ...(typeof line === 'string' && { line }),
      },
    },
  ];
}

export function decideDeliveryReport(
  state: Conversation,
  { division, channelMessageId, messageId, status, error, sentAt }: Extract<Inbound, { kind: 'status' }>,
  ticketId: string,
): ConversationEvent[] {
  if (state.seen.includes(reportKey(channelMessageId, status))) return [];
  const named = messageId === undefined ? {} : { messageId };
  const data = { ticketId, division, channelMessageId, ...named, status, error, reportedAt: sentAt };
  return [{ type: 'DeliveryReported', data }];
}
