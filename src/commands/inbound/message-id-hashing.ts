/**
 * A channel's message id can identify the customer: a wamid holds the phone number in base64. We need it only to see
 * that two items are about one message, so we keep a keyed hash of it. What the channel has to be told of a message (a quote,
 * a read receipt) names it by its own id: that is kept as personal data.
 */
import type { InboundItem } from '../../domain/inbound/inbound.ts';
import type { BlindIndex, ChannelSender } from '../../ports.ts';

const hashOf = <T extends string | null>(name: T, blindIndex: BlindIndex): T =>
  (name === null ? null : blindIndex('message', name)) as T;

/** @returns the item, with hashes for its message ids */
export function withHashedMessageIds(item: InboundItem, blindIndex: BlindIndex): InboundItem {
  switch (item.kind) {
    case 'message': {
      const { channelMessageId, replyTo } = item;
      return {
        ...item,
        channelMessageId: hashOf(channelMessageId, blindIndex),
        channelRef: channelMessageId,
        replyTo: hashOf(replyTo, blindIndex),
      };
    }
    case 'said_elsewhere':
      return { ...item, channelMessageId: hashOf(item.channelMessageId, blindIndex) };
    case 'bot_message':
      return { ...item, channelMessageId: hashOf(item.channelMessageId, blindIndex) };
    case 'status':
      return { ...item, channelMessageId: hashOf(item.channelMessageId, blindIndex) };
    default:
      return item;
  }
}

/** @returns the channel, with hashes for the ids that it gives to our messages */
export function channelWithHashedMessageIds(channel: ChannelSender, blindIndex: BlindIndex): ChannelSender {
  return {
    ...channel,
    send: async (...args) => {
      const outcome = await channel.send(...args);
      if (outcome.kind !== 'accepted') return outcome;
      const { channelMessageId } = outcome;
      return {
        ...outcome,
        channelMessageId: hashOf(channelMessageId, blindIndex),
        ...(channelMessageId !== null && { channelRef: outcome.channelRef ?? channelMessageId }),
      };
    },
  };
}
