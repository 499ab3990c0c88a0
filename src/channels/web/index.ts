/** Web chat: the visitor's widget reads messages from this program, so nothing has to be sent. A line is a division. */
import { DIVISIONS } from '../../domain/vocabulary.ts';
import type { ChannelSender } from '../../ports.ts';
import type { Provider } from '../provider.ts';

export const webSender: ChannelSender = {
  lineFor: ({ division }) => division,
  send: () => Promise.resolve({ kind: 'accepted', channelMessageId: null }),
};

export const web: Provider = {
  name: 'web',
  channel: 'web',
  lines: () => DIVISIONS.map((division) => ({ id: division, channel: 'web' as const, division, name: null })),
  sender: () => webSender,
  media: () => null,
};
