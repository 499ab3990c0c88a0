/** WhatsApp by WAHA (docs/design/channels.md#waha). A line is a session, by its name. */
import type { ChannelConfig } from '../config.ts';
import type { Line } from '../lines.ts';
import type { Provider } from '../provider.ts';
import { wahaApiOf } from './config.ts';
import { wahaDesk } from './desk.ts';
import { wahaEraser } from './erasing.ts';
import { wahaGroup } from './group.ts';
import { wahaMedia } from './media.ts';
import { wahaNumbers } from './numbers.ts';
import type { QuietHours } from './quiet.ts';
import { createWaha } from './send.ts';

const linesOf = ({ WAHA_SESSION_MAP }: ChannelConfig): readonly Line[] =>
  WAHA_SESSION_MAP.map(({ session, division, name }) => ({
    id: session,
    channel: 'whatsapp',
    division,
    name,
    templatesBy: 'none',
  }));

const quietOf = ({ WAHA_QUIET_HOURS, BUSINESS_TIMEZONE }: ChannelConfig): QuietHours | null =>
  WAHA_QUIET_HOURS === undefined
    ? null
    : { ...WAHA_QUIET_HOURS, timezone: BUSINESS_TIMEZONE ?? 'Asia/Jakarta' };

export const waha: Provider = {
  name: 'waha',
  channel: 'whatsapp',
  lines: linesOf,
  sender: ({ config, ...deps }) =>
    createWaha({ ...deps, api: wahaApiOf(config), lines: linesOf(config), quiet: quietOf(config) }),
  media: ({ config, http }) => wahaMedia({ http, api: wahaApiOf(config), lines: linesOf(config) }),
  numbers: ({ config, http }) => wahaNumbers({ http, api: wahaApiOf(config) }),
  erasing: ({ config, http }) => wahaEraser({ http, api: wahaApiOf(config) }),
  staffGroup: wahaGroup,
  desk: ({ config, http }) => wahaDesk({ http, api: wahaApiOf(config) }),
};
