/** Instagram and Messenger: Meta's Send API, one token per account or page. */
import { z } from 'zod';
import { TEXT_LIMITS } from '../../domain/outbound/text-limit.ts';
import type { ChannelHttp, ChannelSender } from '../../ports.ts';
import { type Line, lineToSendBy } from '../lines.ts';
import type { PageToken } from './config.ts';
import { postToGraph } from './graph.ts';
import { textOf, tooLong } from '../text.ts';

const accepted = z.object({ message_id: z.string().min(1) });

export function createPageSender(
  channel: 'instagram' | 'facebook',
  options: {
    /** With the version: `https://graph.facebook.com/v25.0`. */
    readonly url: string;
    readonly tokens: readonly PageToken[];
    /** `CHANNEL_DIVISION_MAP`: which division an account or page belongs to. */
    readonly lines: readonly Pick<Line, 'id' | 'division'>[];
    readonly http: Pick<ChannelHttp, 'postJson'>;
    readonly answerMs?: number;
  },
): ChannelSender {
  const tokens = new Map(
    options.tokens.filter((page) => page.channel === channel).map(({ id, token }) => [id, token]),
  );
  const sendable = options.lines.filter(({ id }) => tokens.has(id));
  const limit = TEXT_LIMITS[channel];
  return {
    lineFor: (talk) => lineToSendBy(sendable, talk),
    send: (message, { line, userId }, signal) => {
      const text = textOf(message, limit);
      const refused = tooLong(text, limit);
      if (refused) return Promise.resolve(refused);
      const json = { recipient: { id: userId }, messaging_type: 'RESPONSE', message: { text } };
      const url = `${options.url}/${encodeURIComponent(line)}/messages`;
      return postToGraph(
        options.http,
        { url, token: tokens.get(line) ?? '', json, answerMs: options.answerMs, signal },
        (answer) => accepted.safeParse(answer).data?.message_id,
      );
    },
  };
}
