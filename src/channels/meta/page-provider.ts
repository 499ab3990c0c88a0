/** Instagram and Messenger are one product of Meta in all but their limits: what both are made of. */
import type { ChannelConfig } from '../config.ts';
import type { Line } from '../lines.ts';
import type { Provider } from '../provider.ts';
import { metaDesk } from './desk.ts';
import { pageMedia } from './page-media.ts';
import { pageNames } from './page-names.ts';
import { createPageSender } from './page-sender.ts';

export function pageProvider(name: string, channel: 'instagram' | 'facebook'): Provider {
  const linesOf = ({ CHANNEL_DIVISION_MAP }: ChannelConfig): readonly Line[] =>
    CHANNEL_DIVISION_MAP.filter((line) => line.channel === channel).map(({ id, division }) => ({
      id,
      channel,
      division,
      name: null,
    }));
  return {
    name,
    channel,
    lines: linesOf,
    sender: ({ config, ...deps }) =>
      createPageSender(channel, {
        ...deps,
        url: config.META_GRAPH_URL,
        tokens: config.META_PAGE_TOKENS ?? [],
        lines: linesOf(config),
      }),
    media: ({ http }) => pageMedia(http),
    names: ({ config, http }) =>
      pageNames(channel, { url: config.META_GRAPH_URL, tokens: config.META_PAGE_TOKENS ?? [], http }),
    desk: ({ config, http }) =>
      metaDesk({
        http,
        url: config.META_GRAPH_URL,
        fields: 'id',
        tokenOf: (line) =>
          config.META_PAGE_TOKENS?.find((page) => page.channel === channel && page.id === line)?.token,
      }),
  };
}
