/** Web chat: the visitor's widget reads messages from this program, so nothing has to be sent. */
import type { Channel } from '../../ports.ts';

export const webChat: Channel = {
  lineFor: ({ division }) => division,
  send: () => Promise.resolve({ kind: 'accepted', channelMessageId: null }),
};
