/** Telegram's webhooks: a secret token for each bot, which says which bot it is, and so which line and division. */
import { sameSecret } from '../hmac.ts';
import { parseJson } from '../lenient.ts';
import type { WebhookForm } from '../provider.ts';
import { telegram } from './normalize.ts';

const HEADER = 'x-telegram-bot-api-secret-token';

export const telegramForm: WebhookForm = {
  name: 'telegram',
  path: '',
  parse: parseJson,
  maySign: (headers) => typeof headers[HEADER] === 'string',
  verify: (headers, _bytes, secrets) => {
    const token = headers[HEADER];
    if (typeof token !== 'string') return null;
    // Every token is compared, so that the time does not show which one came close.
    const [bot] = secrets.telegram.filter((one) => one.token !== '' && sameSecret(token, one.token));
    return bot ? { divisions: [bot.division], line: bot.line } : null;
  },
  owns: () => true,
  read: (body, { divisions, line }, { receivedAt }) => {
    const [division] = divisions ?? [];
    if (division === undefined) throw new TypeError('a Telegram update without a bot');
    return telegram(body, { division, line: line ?? division }, receivedAt);
  },
};
