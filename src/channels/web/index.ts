/** Web chat: a line is a division. Its visitors read the talk itself, so what is written is there already. */
import { DIVISIONS } from '../../domain/vocabulary.ts';
import type { ChannelSender } from '../../ports.ts';
import type { Provider } from '../provider.ts';

export const webSender: ChannelSender = {
  lineFor: ({ division }) => division,
  send: ({ id }) => Promise.resolve({ kind: 'accepted', channelMessageId: id }),
};

export const web: Provider = {
  name: 'web',
  channel: 'web',
  lines: () => DIVISIONS.map((division) => ({ id: division, channel: 'web' as const, division, name: null })),
  sender: () => webSender,
  media: () => null,
  // It is this program.
  desk: () => ({ look: () => Promise.resolve({ state: 'working', detail: null }) }),
};
