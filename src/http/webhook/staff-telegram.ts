/**
 * The webhook of the staff bot (docs/design/field-service.md#staff-bot): apart from the channels' by its address and its secret, so
 * that nothing that staff do there is ever a customer's message. It acts before it answers, and every tap is answered.
 */
import { type Request, type Response, Router } from 'express';
import { sameSecret } from '../../channels/hmac.ts';
import { idOf, isTrue, type Members, membersOf, parseJson, textOf } from '../../channels/lenient.ts';
import type { TelegramLinks } from '../../commands/staff/telegram-link.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Account } from '../../domain/staff/member.ts';
import type { Logger, StaffBot } from '../../ports.ts';
import type { ByteBudget } from '../framework/body-budget.ts';
import { send, success } from '../framework/envelope.ts';
import { ERRORS, HttpError } from '../framework/errors.ts';
import { readBytes } from '../framework/json-body.ts';
import type { RequestInfo } from '../framework/request.ts';

/** Behind WEBHOOK_PATH. */
export const STAFF_TELEGRAM_PATH = '/staff-telegram';
const HEADER = 'x-telegram-bot-api-secret-token';
const MAX_BYTES = 256 * 1024;

const WELCOME =
  'Ini bot untuk petugas Saga. Minta kode di dashboard (Profil > Telegram), lalu kirim: /start KODE';
const CONNECTED = 'Akun Anda sudah terhubung. Tawaran pekerjaan akan muncul di sini.';
const TROUBLE = 'Sedang ada gangguan. Coba lagi, atau ambil lewat dashboard.';
const UNDER_WAY = 'Sedang diproses …';
const ANSWER_WITHIN_MS = 700;
const NOT_LINKED = 'Akun Telegram Anda belum terhubung. Minta kode di dashboard, lalu kirim /start KODE.';

/** A tap on a button of ours. */
export interface StaffTap {
  /** As they are right now. */
  readonly person: Account;
  readonly telegramId: string;
  readonly data: string;
  readonly requestId: string;
}

/** What a tap led to. */
export interface TapOutcome {
  /** Shown over the chat, up to 200 characters. */
  readonly answer: string;
  /** In place of the message with the button; null: it stays. */
  readonly rewritten: string | null;
}

export interface StaffWebhookDeps {
  /** WEBHOOK_PATH. */
  readonly path: string;
  /** STAFF_TELEGRAM_SECRET_TOKEN; null: every update is refused. */
  readonly secret: string | null;
  /** null: no token to answer with. */
  readonly bot: StaffBot | null;
  readonly links: Pick<TelegramLinks, 'link' | 'personOf'>;
  /** @throws Refusal; StoreUnavailable */
  readonly tapped: (tap: StaffTap) => Promise<TapOutcome>;
  /** How long a tap waits for what it leads to, in milliseconds; unset: 700. */
  readonly answerWithinMs?: number;
  readonly unauthenticatedBytes: ByteBudget;
  readonly log: Logger;
}

/** Of a call that nobody breaks off; one for each, so that none collects listeners. */
const never = (): AbortSignal => new AbortController().signal;

type WebhookResponse = Response<unknown, { info?: RequestInfo }>;

/** @throws HttpError INVALID_SIGNATURE, MALFORMED_JSON, PAYLOAD_TOO_LARGE, OVERLOADED */
export function staffTelegramRouter(deps: StaffWebhookDeps): Router {
  const { path, secret, bot, log, unauthenticatedBytes } = deps;
  const router = Router();

  const say = async (chat: string, text: string): Promise<void> => {
    const outcome = await bot?.say(chat, text, null, never());
    if (outcome !== undefined && outcome.kind !== 'done')
      log.warn({ outcome: outcome.kind }, 'the staff bot could not answer');
  };

  async function onMessage(message: Members, requestId: string): Promise<void> {
    const from = membersOf(message['from']);
    const chat = membersOf(message['chat']);
    const telegramId = idOf(from['id']);
    // In a group nobody is linked: a code that is shown there is everybody's.
    if (telegramId === undefined || idOf(chat['id']) !== telegramId || isTrue(from['is_bot'])) return;
    const [, code] = /^\/start(?:@\w+)?\s+(\S{1,64})\s*$/.exec(textOf(message['text']) ?? '') ?? [];
    if (code === undefined) {
      await say(telegramId, (await deps.links.personOf(telegramId)) === null ? WELCOME : CONNECTED);
      return;
    }
    try {
      const { name } = await deps.links.link(code, telegramId, { requestId, correlationId: requestId });
      await say(telegramId, `Halo ${name}. ${CONNECTED}`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await say(telegramId, ERRORS[error.code].message);
    }
  }

  async function outcomeOf(tap: Members, requestId: string): Promise<TapOutcome> {
    const telegramId = idOf(membersOf(tap['from'])['id']) ?? '';
    try {
      const person = await deps.links.personOf(telegramId);
      if (person === null) return { answer: NOT_LINKED, rewritten: null };
      return await deps.tapped({ person, telegramId, data: textOf(tap['data']) ?? '', requestId });
    } catch (error) {
      if (error instanceof Refusal) return { answer: ERRORS[error.code].message, rewritten: null };
      log.warn({ err: error }, 'a tap in the staff bot was not carried out');
      return { answer: TROUBLE, rewritten: null };
    }
  }

  async function onTap(tap: Members, requestId: string): Promise<void> {
    const acting = outcomeOf(tap, requestId);
    const tapId = textOf(tap['id']);
    if (bot === null || tapId === undefined) {
      await acting;
      return;
    }
    // Telegram forgets a tap after 15 seconds, and the person taps again long before.
    const waiting = new AbortController();
    const tooLong = sleep(deps.answerWithinMs ?? ANSWER_WITHIN_MS, waiting.signal).then(() => null);
    const inTime = await Promise.race([acting, tooLong]);
    waiting.abort();
    await bot.answerTap(tapId, inTime?.answer ?? UNDER_WAY, never());
    const { answer, rewritten: over } = await acting;
    const rewritten = over ?? (inTime === null ? answer : null);
    const message = membersOf(tap['message']);
    const [chat, messageId] = [idOf(membersOf(message['chat'])['id']), idOf(message['message_id'])];
    if (rewritten !== null && chat !== undefined && messageId !== undefined)
      await bot.rewrite(chat, Number(messageId), rewritten, never());
  }

  router.post(path + STAFF_TELEGRAM_PATH, async (req: Request, res: WebhookResponse) => {
    if (res.locals.info) res.locals.info.route = 'staff-telegram';
    const token = req.headers[HEADER];
    if (secret === null || typeof token !== 'string' || !sameSecret(token, secret))
      throw new HttpError('INVALID_SIGNATURE');
    const account = unauthenticatedBytes.account(req, res);
    const bytes = await readBytes(req, MAX_BYTES, account);
    account.release();
    const update = membersOf(readJson(bytes));
    const requestId = res.locals.info?.id ?? '';
    if (update['message'] !== undefined) await onMessage(membersOf(update['message']), requestId);
    else if (update['callback_query'] !== undefined)
      await onTap(membersOf(update['callback_query']), requestId);
    send(res, success(200, { accepted: 1 }));
  });
  return router;
}

function readJson(bytes: Buffer): unknown {
  try {
    return parseJson(bytes.toString('utf8'));
  } catch {
    throw new HttpError('MALFORMED_JSON');
  }
}
