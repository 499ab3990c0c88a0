/** Telegram's Bot API. A line is a bot, by its id; without a token to send with, by its division. */
import type { ChannelConfig } from '../config.ts';
import type { Line } from '../lines.ts';
import type { Provider } from '../provider.ts';
import { botIdOf, secretsWithLines } from './config.ts';
import { telegramDesk } from './desk.ts';
import { telegramMedia } from './media.ts';
import { createTelegram } from './send.ts';

function linesOf(config: ChannelConfig): readonly Line[] {
  const bots = (config.TELEGRAM_BOT_TOKENS ?? []).map((bot) => ({
    id: botIdOf(bot),
    division: bot.division,
  }));
  const heard = secretsWithLines(config).flatMap(({ line, division }) =>
    line === null ? [] : [{ id: line, division }],
  );
  const all = new Map([...bots, ...heard].map((line) => [line.id, line]));
  return [...all.values()].map((line) => ({ ...line, channel: 'telegram', name: null }));
}

export const telegramBots: Provider = {
  name: 'telegram',
  channel: 'telegram',
  lines: linesOf,
  sender: ({ config, ...deps }) =>
    createTelegram({ ...deps, url: config.TELEGRAM_API_URL, bots: config.TELEGRAM_BOT_TOKENS ?? [] }),
  media: ({ config, http }) =>
    telegramMedia({ http, url: config.TELEGRAM_API_URL, bots: config.TELEGRAM_BOT_TOKENS ?? [] }),
  desk: ({ config, http }) =>
    telegramDesk({ http, url: config.TELEGRAM_API_URL, bots: config.TELEGRAM_BOT_TOKENS ?? [] }),
};
