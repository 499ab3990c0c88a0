/** WhatsApp by Twilio (docs/design/channels.md#twilio). A line is a number, by its digits. */
import type { ChannelConfig } from '../config.ts';
import type { Line } from '../lines.ts';
import type { Provider } from '../provider.ts';
import { accountOf } from './config.ts';
import { twilioDesk } from './desk.ts';
import { twilioEraser } from './erasing.ts';
import { twilioMedia } from './media.ts';
import { createTwilio } from './send.ts';

const linesOf = ({ TWILIO_NUMBERS }: ChannelConfig): readonly Line[] =>
  TWILIO_NUMBERS.map(({ number, division, name }) => ({
    id: number,
    channel: 'whatsapp',
    division,
    name,
    templatesBy: 'content_sid',
  }));

export const twilio: Provider = {
  name: 'twilio',
  channel: 'whatsapp',
  lines: linesOf,
  sender: ({ config, ...deps }) =>
    createTwilio({ ...deps, account: accountOf(config), lines: linesOf(config) }),
  media: ({ config, http }) =>
    twilioMedia({ http, account: accountOf(config), apiUrl: config.TWILIO_API_URL }),
  erasing: ({ config, http }) => twilioEraser({ http, account: accountOf(config) }),
  desk: ({ config, http }) => twilioDesk({ http, account: accountOf(config), apiUrl: config.TWILIO_API_URL }),
};
