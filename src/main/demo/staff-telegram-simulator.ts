/**
 * Simulates Telegram's Bot API for the staff bot on loopback, for the demo and for tests
 * (docs/design/field-service.md#staff-bot): it answers as documented, with its errors, and remembers what is on each phone.
 */
import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { react, startLoopback, textOfBody } from './loopback.ts';
import { answerJson, type SimulatedAnswer } from './meta-simulator/reaction.ts';

const button = z.strictObject({ text: z.string().min(1), callback_data: z.string().min(1).max(64) });
const BODIES = {
  sendMessage: z.strictObject({
    chat_id: z.number().int(),
    text: z.string().min(1).max(4096),
    reply_markup: z.strictObject({ inline_keyboard: z.array(z.array(button)) }).optional(),
  }),
  editMessageText: z.strictObject({
    chat_id: z.number().int(),
    message_id: z.number().int(),
    text: z.string().min(1).max(4096),
  }),
  answerCallbackQuery: z.strictObject({ callback_query_id: z.string(), text: z.string().max(200) }),
} as const;
type Method = keyof typeof BODIES;

/** A message as it is on somebody's phone now. */
export interface StaffMessage {
  readonly chat: string;
  readonly messageId: number;
  text: string;
  /** What a tap sends; null: there is no button. */
  button: string | null;
}

export interface StaffTelegramSimulator {
  readonly url: string;
  readonly token: string;
  readonly secret: string;
  readonly messages: readonly StaffMessage[];
  /** `at`: by `performance.now()`. */
  readonly answers: readonly { readonly tapId: string; readonly text: string; readonly at: number }[];
  /** How often each method was asked for, taken or not. */
  readonly asked: Readonly<Record<Method, number>>;
  /** An update to our webhook, as Telegram posts it. @returns the status of the answer */
  post(update: object, secret?: string): Promise<number>;
  /** A person writes to the bot. */
  write(telegramId: string, text: string): Promise<number>;
  /** A person taps a button. @returns what was shown over the chat; undefined: nothing */
  tap(telegramId: string, data: string, messageId?: number): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface StaffTelegramOptions {
  readonly token: string;
  readonly secret: string;
  /** The address of our webhook for staff. */
  webhook(): string;
  /** Where calls of other bots go; undefined: they are refused, as those of a token that nobody has. */
  readonly elsewhere?: string;
  /** What else is served here. @returns whether the request was for it */
  more?(
    simulator: StaffTelegramSimulator,
    req: IncomingMessage,
    res: ServerResponse,
    text: string,
  ): Promise<boolean>;
  /** Decides what happens with a call. Default: accept it. */
  react?(method: Method, chat: string): SimulatedAnswer;
}

const isMethod = (name: string): name is Method => Object.hasOwn(BODIES, name);
const errorOf = ({ status, retryAfter, details }: Extract<SimulatedAnswer, { kind: 'error' }>): object => ({
  ok: false,
  error_code: status,
  description: details ?? 'simulated',
  ...(retryAfter !== undefined && { parameters: { retry_after: retryAfter } }),
});

export async function startStaffTelegram(options: StaffTelegramOptions): Promise<StaffTelegramSimulator> {
  const messages: StaffMessage[] = [];
  const answers: { tapId: string; text: string; at: number }[] = [];
  const asked: Record<Method, number> = { sendMessage: 0, editMessageText: 0, answerCallbackQuery: 0 };
  let updates = 0;

  const refuse = (res: ServerResponse, status: number, details: string): void => {
    answerJson(res, status, errorOf({ kind: 'error', status, details }));
  };

  function take(res: ServerResponse, method: Method, json: unknown): void {
    const body = BODIES[method].safeParse(json).data;
    if (body === undefined) {
      refuse(res, 400, `Bad Request: ${method} is wrong`);
      return;
    }
    asked[method] += 1;
    const chat = 'chat_id' in body ? String(body.chat_id) : '';
    const reaction = options.react?.(method, chat) ?? { kind: 'accept' };
    if (reaction.kind !== 'accept') {
      react(res, reaction, errorOf);
      return;
    }
    if ('callback_query_id' in body) {
      answers.push({ tapId: body.callback_query_id, text: body.text, at: performance.now() });
      answerJson(res, 200, { ok: true, result: true });
    } else if ('message_id' in body) {
      const found = messages.find((one) => one.chat === chat && one.messageId === body.message_id);
      if (found === undefined) refuse(res, 400, 'Bad Request: message to edit not found');
      else if (found.text === body.text && found.button === null)
        refuse(res, 400, 'Bad Request: message is not modified');
      else {
        Object.assign(found, { text: body.text, button: null });
        answerJson(res, 200, { ok: true, result: { message_id: body.message_id } });
      }
    } else {
      const data = body.reply_markup?.inline_keyboard[0]?.[0]?.callback_data ?? null;
      messages.push({ chat, messageId: messages.length + 1, text: body.text, button: data });
      answerJson(res, 200, { ok: true, result: { message_id: messages.length } });
    }
  }

  const server = await startLoopback(async (req: IncomingMessage, res: ServerResponse) => {
    const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(req.url ?? '') ?? [];
    if (token !== options.token && options.elsewhere !== undefined && /^\/(file\/)?bot/.test(req.url ?? '')) {
      await passOn(options.elsewhere, req, res);
      return;
    }
    const text = await textOfBody(req);
    if (token === undefined && (await options.more?.(simulator, req, res, text))) return;
    if (token !== options.token) refuse(res, 401, 'Unauthorized');
    else if (isMethod(method)) take(res, method, JSON.parse(text));
    else refuse(res, 404, 'Not Found');
  });

  async function post(update: object, secret = options.secret): Promise<number> {
    const answer = await fetch(options.webhook(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'X-Telegram-Bot-Api-Secret-Token': secret },
      body: JSON.stringify({ update_id: (updates += 1), ...update }),
    });
    await answer.arrayBuffer();
    return answer.status;
  }
  const person = (telegramId: string) => ({ id: Number(telegramId), is_bot: false, first_name: 'Petugas' });
  const chatOf = (telegramId: string) => ({ id: Number(telegramId), type: 'private' });

  const simulator: StaffTelegramSimulator = {
    url: server.url,
    token: options.token,
    secret: options.secret,
    messages,
    answers,
    asked,
    post,
    write: (telegramId, text) =>
      post({
        message: {
          ...{ message_id: 1_000_000 + updates, date: Math.floor(Date.now() / 1_000), text },
          ...{ from: person(telegramId), chat: chatOf(telegramId) },
        },
      }),
    async tap(telegramId, data, messageId = 1) {
      const id = `tap-${telegramId}-${String((updates += 1))}`;
      const message = { message_id: messageId, chat: chatOf(telegramId) };
      await post({ callback_query: { id, from: person(telegramId), message, data } });
      return answers.find(({ tapId }) => tapId === id)?.text;
    },
    close: () => server.close(),
  };
  return simulator;
}

/** The same request to another server, and its answer as it comes. */
async function passOn(to: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { method, headers, url = '/' } = req;
  const onward = request(new URL(url, to), { method, headers: { ...headers, host: new URL(to).host } });
  const answered = once(onward, 'response');
  await pipeline(req, onward);
  const [answer] = (await answered) as [IncomingMessage];
  res.writeHead(answer.statusCode ?? 502, answer.headers);
  await pipeline(answer, res);
}
