/**
 * A channel's own name of a message tells whose it is (a wamid holds the phone number in base64), and stands in many
 * places for ever. Nobody needs it but to tell that two things are about one message: so what is kept is a keyed hash.
 */
import type { InboundItem } from '../../domain/inbound/inbound.ts';
import type { BlindIndex, Channel } from '../../ports.ts';

const hashOf = <T extends string | null>(name: T, blindIndex: BlindIndex): T =>
  (name === null ? null : blindIndex('message', name)) as T;

/** @returns what came in, with hashes for the names of messages */
export function withHashedMessageIds(item: InboundItem, blindIndex: BlindIndex): InboundItem {
  switch (item.kind) {
    case 'message': {
      const { channelMessageId, replyTo } = item;
      return {
        ...item,
        channelMessageId: hashOf(channelMessageId, blindIndex),
        replyTo: hashOf(replyTo, blindIndex),
      };
    }
    case 'bot_message':
      return { ...item, channelMessageId: hashOf(item.channelMessageId, blindIndex) };
    case 'status':
      return { ...item, channelMessageId: hashOf(item.channelMessageId, blindIndex) };
    default:
      return item;
  }
}

/** @returns the channel, telling hashes for the names that it gives to what we send */
export function channelWithHashedMessageIds(channel: Channel, blindIndex: BlindIndex): Channel {
  return {
    ...channel,
    send: async (...args) => {
      const outcome = await channel.send(...args);
      return outcome.kind === 'accepted'
        ? { ...outcome, channelMessageId: hashOf(outcome.channelMessageId, blindIndex) }
        : outcome;
    },
  };
}
