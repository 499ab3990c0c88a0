/** The staff bot over Telegram's Bot API (docs/design/field-service.md#staff-bot). */
import { z } from 'zod';
import type { ChannelHttp, StaffBot, StaffBotOutcome } from '../../ports.ts';
import { saysNotTaken } from '../answers.ts';

const answerSchema = z.object({
  ok: z.boolean(),
  result: z.union([z.object({ message_id: z.number().int() }), z.boolean()]).optional(),
  error_code: z.number().int().optional(),
  description: z.string().optional(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
});

/** How long a tap may wait for us is 15 seconds; a technician should not wait for a slow Telegram as long. */
const ANSWER_MS = 5_000;
const LATER_MS = 2_000;

/** @param url TELEGRAM_API_URL. @param token STAFF_TELEGRAM_BOT_TOKEN */
export function createStaffBot({
  url,
  token,
  http,
}: {
  readonly url: string;
  readonly token: string;
  readonly http: Pick<ChannelHttp, 'postJson'>;
}): StaffBot {
  async function ask(method: string, json: object, signal: AbortSignal): Promise<StaffBotOutcome> {
    const answer = await http.postJson(`${url}/bot${token}/${method}`, json, {
      answerMs: ANSWER_MS,
      signal,
    });
    if (answer.kind === 'not_sent') return { kind: 'later', afterMs: LATER_MS };
    if (answer.kind === 'unknown') return { kind: 'unknown' };
    const reply = answerSchema.safeParse(answer.body).data;
    if (answer.ok && reply?.ok === true) {
      const { result } = reply;
      return { kind: 'done', messageId: typeof result === 'object' ? result.message_id : null };
    }
    const code = reply?.error_code ?? answer.status;
    const description = reply?.description ?? '';
    if (/message is not modified/i.test(description)) return { kind: 'done', messageId: null };
    if (code === 403 || /chat not found|user is deactivated/i.test(description)) return { kind: 'blocked' };
    const seconds = reply?.parameters?.retry_after;
    if (saysNotTaken({ ...answer, status: code }))
      return {
        kind: 'later',
        afterMs: seconds === undefined ? (answer.retryAfterMs ?? LATER_MS) : seconds * 1_000,
      };
    return code >= 500 ? { kind: 'unknown' } : { kind: 'refused', code: `tg_${String(code)}` };
  }

  return {
    say: (chat, text, button, signal) =>
      ask(
        'sendMessage',
        {
          chat_id: Number(chat),
          text,
          ...(button && {
            reply_markup: { inline_keyboard: [[{ text: button.text, callback_data: button.data }]] },
          }),
        },
        signal,
      ),
    rewrite: (chat, messageId, text, signal) =>
      ask('editMessageText', { chat_id: Number(chat), message_id: messageId, text }, signal),
    answerTap: (tapId, text, signal) =>
      ask('answerCallbackQuery', { callback_query_id: tapId, text: text.slice(0, 200) }, signal),
  };
}
