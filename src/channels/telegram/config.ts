/** The variables of Telegram: several bots of one division are normal. */
import type { Division } from '../../domain/vocabulary.ts';
import { divisionNamed, each, hidden, serviceUrl, splitList, text, withDefault } from '../settings.ts';

export interface TelegramSecret {
  readonly division: Division;
  readonly token: string;
  /** Null: the bot of its place in the list (`botLines`). */
  readonly bot: string | null;
}

/** `sari:first-token,savi:second-token`, or with the bot's id: `sari:123456:first-token`. */
const telegramTokens = text(
  'must look like division:token or division:<bot id>:token, separated by commas; a token has 16 to 256 letters, digits, _ or -',
  (value) =>
    each<TelegramSecret>(splitList(value), (part) => {
      const [, name, bot, token] = /^([a-z]+):(?:(\d{1,20}):)?([A-Za-z0-9_-]{16,256})$/.exec(part) ?? [];
      const division = divisionNamed(name);
      return division && token !== undefined ? { division, token, bot: bot ?? null } : undefined;
    }),
);

export interface TelegramBot {
  readonly division: Division;
  /** As BotFather gave it; it begins with the bot's id. */
  readonly token: string;
}

/** `sari:123456:ABC-DEF...` */
const telegramBots = text('must look like division:<bot id>:<token>, separated by commas', (value) => {
  const bots = each<TelegramBot>(splitList(value), (part) => {
    const [, name, token] = /^([a-z]+):(\d+:[A-Za-z0-9_-]{8,})$/.exec(part) ?? [];
    const division = divisionNamed(name);
    return division && token !== undefined ? { division, token } : undefined;
  });
  return bots && new Set(bots.map(botIdOf)).size === bots.length ? bots : undefined;
});

const staffBotToken = text('must look like <bot id>:<token>', (value) =>
  /^\d+:[A-Za-z0-9_-]{8,}$/.test(value) ? value : undefined,
);
const staffBotSecret = text('must have 16 to 256 letters, digits, _ or -', (value) =>
  /^[A-Za-z0-9_-]{16,256}$/.test(value) ? value : undefined,
);

export const TELEGRAM_VARIABLES = {
  TELEGRAM_SECRET_TOKEN: hidden(
    telegramTokens,
    'Telegram secret_token of each bot as division:token,... Unset: Telegram webhooks are refused. Of a division with several bots: in the order of TELEGRAM_BOT_TOKENS, or as division:<bot id>:token.',
  ),
  TELEGRAM_API_URL: withDefault(serviceUrl, 'https://api.telegram.org', 'Telegram Bot API.'),
  TELEGRAM_BOT_TOKENS: hidden(
    telegramBots,
    'Token of each bot as division:<bot id>:<token>,... Unset: Telegram replies stay queued. Several of one division are normal.',
  ),
  STAFF_TELEGRAM_BOT_TOKEN: hidden(
    staffBotToken,
    'Token of the bot that speaks to staff, <bot id>:<token>: none of TELEGRAM_BOT_TOKENS. Unset: staff get no offers by Telegram.',
  ),
  STAFF_TELEGRAM_SECRET_TOKEN: hidden(
    staffBotSecret,
    'secret_token of the webhook of the staff bot, WEBHOOK_PATH/staff-telegram. Unset: its updates are refused.',
  ),
} as const;

/** The id of a bot is the part of its token that is no secret. */
export function botIdOf({ token }: Pick<TelegramBot, 'token'>): string {
  return token.slice(0, token.indexOf(':'));
}

interface TelegramSettings {
  readonly TELEGRAM_SECRET_TOKEN?: readonly TelegramSecret[] | undefined;
  readonly TELEGRAM_BOT_TOKENS?: readonly TelegramBot[] | undefined;
}

/**
 * Which bot a secret token belongs to. A bot without a token of its own to send with is named after its division.
 * @returns with `line` null where several bots may be meant
 */
export function secretsWithLines({
  TELEGRAM_SECRET_TOKEN: secrets = [],
  TELEGRAM_BOT_TOKENS: bots = [],
}: TelegramSettings): readonly (TelegramSecret & { readonly line: string | null })[] {
  return secrets.map((secret) => {
    const own = bots.filter(({ division }) => division === secret.division).map(botIdOf);
    const line = secret.bot ?? (own.length <= 1 ? (own[0] ?? secret.division) : null);
    if (line !== null) return { ...secret, line };
    const unnamed = secrets.filter(({ division, bot }) => division === secret.division && bot === null);
    const inOrder = unnamed.length === own.length ? own[unnamed.indexOf(secret)] : undefined;
    return { ...secret, line: inOrder ?? null };
  });
}
