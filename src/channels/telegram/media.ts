import { z } from 'zod';
import type { ChannelHttp, MediaSource } from '../../ports.ts';
import { fetchedOf, GONE } from '../files.ts';
import { lineToSendBy } from '../lines.ts';
import { botIdOf, type TelegramBot } from './config.ts';

const telegramFile = z.object({ ok: z.literal(true), result: z.object({ file_path: z.string() }) });

/** A bot's files are known to that bot only. */
export function telegramMedia(options: {
  readonly url: string;
  readonly bots: readonly TelegramBot[];
  readonly http: ChannelHttp;
}): MediaSource {
  const sendable = options.bots.map((bot) => ({ id: botIdOf(bot), division: bot.division }));
  return {
    fetch: async (mediaId, to, signal) => {
      const line = lineToSendBy(sendable, { division: to.division, own: to.line });
      const token = options.bots.find((bot) => botIdOf(bot) === line)?.token;
      if (token === undefined) return { kind: 'later', code: 'not_configured' };
      const query = `file_id=${encodeURIComponent(mediaId)}`;
      const answer = await options.http.getJson(`${options.url}/bot${token}/getFile?${query}`, {}, signal);
      if ('kind' in answer) return answer;
      const path = telegramFile.safeParse(answer.body).data?.result.file_path;
      // 400: an unknown id, or a file over the 20 MB that bots may download.
      if (path === undefined) return answer.status === 400 ? GONE : fetchedOf(answer.status);
      if (!/^[\w/.-]+$/.test(path) || path.includes('..')) return GONE;
      return options.http.download(new URL(`${options.url}/file/bot${token}/${path}`), {}, signal);
    },
  };
}
