/** Web chat: a line is a division. Nothing shows a visitor what is written to them yet, so it does not arrive. */
import { DIVISIONS } from '../../domain/vocabulary.ts';
import type { ChannelSender } from '../../ports.ts';
import type { Provider } from '../provider.ts';

export const webSender: ChannelSender = {
  lineFor: ({ division }) => division,
  send: () =>
    Promise.resolve({
      kind: 'refused',
      code: 'no_reader',
      reason: null,
      retryAfterMs: null,
      isTransient: false,
    }),
};

export const web: Provider = {
  name: 'web',
  channel: 'web',
  lines: () => DIVISIONS.map((division) => ({ id: division, channel: 'web' as const, division, name: null })),
  sender: () => webSender,
  media: () => null,
};
