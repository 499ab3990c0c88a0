/** Telegram Bot API. It sends no delivery reports. */
import { z } from 'zod';
import { TEXT_LIMITS } from '../../domain/outbound/text-limit.ts';
import type { ChannelHttp, ChannelSender, SendOutcome } from '../../ports.ts';
import { saysNotNow, saysNotTaken } from '../answers.ts';
import { lineToSendBy } from '../lines.ts';
import { textOf, tooLong } from '../text.ts';
import { botIdOf, type TelegramBot } from './config.ts';

const LIMIT = TEXT_LIMITS.telegram;
const answerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.object({ message_id: z.number().int() }) }),
  z.object({
    ok: z.literal(false),
    error_code: z.number().int(),
    description: z.string().optional(),
    parameters: z.object({ retry_after: z.number().optional() }).optional(),
  }),
]);

/** A 400 that names the chat is about this customer; any other is about the request. */
const codeOf = (code: number, description = ''): string =>
  code === 400 && /chat not found|user not found|PEER_ID_INVALID/i.test(description)
    ? 'tg_400/chat'
    : `tg_${String(code)}`;

export function createTelegram(options: {
  readonly url: string;
  readonly bots: readonly TelegramBot[];
  readonly http: Pick<ChannelHttp, 'postJson'>;
  readonly answerMs?: number;
}): ChannelSender {
  const tokens = new Map(options.bots.map((bot) => [botIdOf(bot), bot.token]));
  const sendable = options.bots.map((bot) => ({ id: botIdOf(bot), division: bot.division }));

  return {
    lineFor: (talk) => lineToSendBy(sendable, talk),
    send: async (message, { line, userId }, signal): Promise<SendOutcome> => {
      const text = textOf(message, LIMIT);
      const refused = tooLong(text, LIMIT);
      if (refused) return refused;
      const url = `${options.url}/bot${tokens.get(line) ?? ''}/sendMessage`;
      const json = { chat_id: Number(userId), text };
      const answer = await options.http.postJson(url, json, { answerMs: options.answerMs, signal });
      if (answer.kind !== 'answer') return answer;
      const reply = answerSchema.safeParse(answer.body).data;
      const { status, retryAfterMs } = answer;
      if (reply === undefined) {
        const isTransient = saysNotNow(answer);
        return answer.ok || (status >= 500 && !isTransient)
          ? { kind: 'unknown', reason: 'unreadable_answer' }
          : { kind: 'refused', code: `tg_${String(status)}`, reason: null, retryAfterMs, isTransient };
      }
      if (reply.ok) return { kind: 'accepted', channelMessageId: String(reply.result.message_id) };
      const isTransient = saysNotTaken({ ...answer, status: reply.error_code });
      if (reply.error_code >= 500 && !isTransient) return { kind: 'unknown', reason: 'unreadable_answer' };
      const seconds = reply.parameters?.retry_after;
      return {
        kind: 'refused',
        code: codeOf(reply.error_code, reply.description),
        reason: reply.description ?? null,
        retryAfterMs: seconds === undefined ? retryAfterMs : seconds * 1000,
        isTransient,
      };
    },
  };
}
