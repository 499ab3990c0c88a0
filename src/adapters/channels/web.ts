/** Web chat: the visitor's widget reads messages from this program, so nothing has to be sent. */
import type { ChannelSender } from '../../ports.ts';

export const webChat: ChannelSender = {
  lineFor: ({ division }) => division,
  send: () => Promise.resolve({ kind: 'accepted', channelMessageId: null }),
};
