/** Whether a bot's token still counts (docs/design/channels.md#lines-that-are-watched). */
import type { ChannelHttp, LineDesk } from '../../ports.ts';
import { botIdOf, type TelegramBot } from './config.ts';

/** The token was revoked, or the bot deleted. */
const LOST: ReadonlySet<number> = new Set([401, 404]);

export function telegramDesk({
  url,
  bots,
  http,
}: {
  readonly url: string;
  readonly bots: readonly TelegramBot[];
  readonly http: Pick<ChannelHttp, 'getJson'>;
}): LineDesk {
  const tokens = new Map(bots.map((bot) => [botIdOf(bot), bot.token]));
  return {
    look: async (line, signal) => {
      const token = tokens.get(line);
      if (token === undefined) return { state: 'unknown', detail: 'not_configured' };
      const answer = await http.getJson(`${url}/bot${token}/getMe`, {}, signal);
      if ('kind' in answer) return { state: 'unreachable', detail: answer.code };
      if (answer.status === 200) return { state: 'working', detail: null };
      const state = LOST.has(answer.status) ? 'stopped' : 'unreachable';
      return { state, detail: `http_${String(answer.status)}` };
    },
  };
}
