/** WhatsApp by Meta's Cloud API (docs/design/channels.md#lines). A line is a phone number, by its phone_number_id. */
import type { ChannelConfig } from '../config.ts';
import type { Line } from '../lines.ts';
import { metaDesk } from '../meta/desk.ts';
import type { Provider } from '../provider.ts';
import { whatsappMedia } from './media.ts';
import { createWhatsApp } from './send.ts';

const linesOf = ({ WA_PHONE_MAP }: ChannelConfig): readonly Line[] =>
  [...WA_PHONE_MAP].map(([id, { division, displayName }]) => ({
    id,
    channel: 'whatsapp',
    division,
    name: displayName,
  }));

export const whatsappCloud: Provider = {
  name: 'whatsapp',
  channel: 'whatsapp',
  lines: linesOf,
  sender: ({ config, ...deps }) =>
    createWhatsApp({
      ...deps,
      url: config.WHATSAPP_API_URL,
      token: config.WHATSAPP_TOKEN,
      lines: linesOf(config),
    }),
  media: ({ config, http }) =>
    whatsappMedia({ http, url: config.WHATSAPP_API_URL, token: config.WHATSAPP_TOKEN }),
  desk: ({ config, http }) =>
    metaDesk({
      http,
      url: config.WHATSAPP_API_URL,
      fields: 'id,status',
      tokenOf: () => config.WHATSAPP_TOKEN,
    }),
};
