/** Telegram Bot API. It sends no delivery reports. */
import { z } from 'zod';
import { TEXT_LIMITS } from '../../domain/outbound/text-limit.ts';
import type {
  ChannelAnswer,
  ChannelHttp,
  ChannelSender,
  Destination,
  Files,
  OutboundMessage,
  SendOutcome,
} from '../../ports.ts';
import { saysNotNow, saysNotTaken } from '../answers.ts';
import { lineToSendBy } from '../lines.ts';
import { textOf, tooLong } from '../text.ts';
import { FILE_GONE, UPLOAD_MS, withFile } from '../files.ts';
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

/** By what a file goes out, and what it is called there. */
const METHODS = {
  image: ['sendPhoto', 'photo'],
  audio: ['sendAudio', 'audio'],
  video: ['sendVideo', 'video'],
  document: ['sendDocument', 'document'],
} as const;

/** A tap on a button or a reaction has an id of ours: there is nothing to quote. */
function quoteOf(ref: string | undefined): object | null {
  if (!/^\d{1,15}$/.test(ref ?? '')) return null;
  return { message_id: Number(ref), allow_sending_without_reply: true };
}

export function createTelegram(options: {
  readonly url: string;
  readonly bots: readonly TelegramBot[];
  readonly http: Pick<ChannelHttp, 'postJson' | 'postForm'>;
  readonly files: Pick<Files, 'open'>;
  readonly answerMs?: number;
}): ChannelSender {
  const tokens = new Map(options.bots.map((bot) => [botIdOf(bot), bot.token]));
  const sendable = options.bots.map((bot) => ({ id: botIdOf(bot), division: bot.division }));

  async function asked(
    message: OutboundMessage,
    { line, userId }: Destination,
    signal: AbortSignal,
  ): Promise<ChannelAnswer | SendOutcome> {
    const addressOf = (method: string): string => `${options.url}/bot${tokens.get(line) ?? ''}/${method}`;
    const quote = quoteOf(message.quotes);
    const { file } = message;
    if (file) {
      const [method, field] = METHODS[file.kind];
      const fields = {
        chat_id: userId,
        ...(file.caption !== null && { caption: file.caption }),
        ...(quote && { reply_parameters: JSON.stringify(quote) }),
      };
      const answer = await withFile(options.files, file, field, (part) =>
        options.http.postForm(addressOf(method), { fields, file: part }, { answerMs: UPLOAD_MS, signal }),
      );
      return answer ?? FILE_GONE;
    }
    const text = textOf(message, LIMIT);
    const json = { chat_id: Number(userId), text, ...(quote && { reply_parameters: quote }) };
    const refused = tooLong(text, LIMIT);
    return (
      refused ?? options.http.postJson(addressOf('sendMessage'), json, { answerMs: options.answerMs, signal })
    );
  }

  return {
    lineFor: (talk) => lineToSendBy(sendable, talk),
    send: async (message, { line, userId }, signal): Promise<SendOutcome> => {
      const answer = await asked(message, { line, userId }, signal);
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
