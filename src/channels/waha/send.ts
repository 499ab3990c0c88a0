/** WAHA's API: an ordinary WhatsApp account, so it writes at the pace of a person (docs/design/channels.md#waha). */
import type {
  ChannelAnswer,
  ChannelHttp,
  ChannelSender,
  Files,
  OutboundMessage,
  SendOutcome,
} from '../../ports.ts';
import { TEXT_LIMITS } from '../../domain/outbound/text-limit.ts';
import { saysNotNow } from '../answers.ts';
import { FILE_GONE, UPLOAD_MS } from '../files.ts';
import { type Line, lineToSendBy } from '../lines.ts';
import type { Pause } from '../provider.ts';
import { textOf, tooLong } from '../text.ts';
import type { WahaApi } from './config.ts';
import { chatOf, fullIdOf, hiddenIdOf, messageIdIn } from './ids.ts';
import { quietFor, type QuietHours } from './quiet.ts';
import { isTrue, membersOf } from '../lenient.ts';

const LIMIT = TEXT_LIMITS.whatsapp;

/** Milliseconds: how long somebody types, and from one message of a session to the next (30 a minute at most). */
const TYPING = { perCharacter: 40, least: 1_000, most: 8_000 } as const;
const APART = { least: 2_000, most: 5_000 } as const;

const BY_KIND = { image: 'sendImage', audio: 'sendVoice', video: 'sendVideo', document: 'sendFile' } as const;

const refused = (code: string): SendOutcome => ({
  kind: 'refused',
  code,
  reason: null,
  retryAfterMs: null,
  isTransient: false,
});

/** The words of an error, wherever its engine puts them. */
const wordsOf = (body: unknown): string => JSON.stringify(body ?? '').slice(0, 2_000);

function outcomeOf(answer: ChannelAnswer): SendOutcome {
  const { status, ok, body, retryAfterMs } = answer;
  if (ok) {
    const full = fullIdOf(body);
    const id = messageIdIn(full);
    if (full === undefined || id === undefined) return { kind: 'unknown', reason: 'unreadable_answer' };
    // The whole id is what quotes it.
    return { kind: 'accepted', channelMessageId: id, channelRef: full };
  }
  // WhatsApp's own word for 'not to strangers, not now', which comes as whatever the engine makes of it.
  if (/\b463\b/.test(wordsOf(body))) return refused('waha_463');
  const isTransient = saysNotNow(answer) || status === 422;
  if (status >= 500 && !isTransient) return { kind: 'unknown', reason: 'unreadable_answer' };
  const code = status === 429 ? 'http_429' : `waha_${String(status)}`;
  return { kind: 'refused', code, reason: null, retryAfterMs, isTransient };
}

export function createWaha(options: {
  readonly api: WahaApi;
  readonly lines: readonly Pick<Line, 'id' | 'division'>[];
  readonly http: Pick<ChannelHttp, 'postJson' | 'getJson'>;
  readonly quiet: QuietHours | null;
  readonly files: Pick<Files, 'open'>;
  readonly pause: Pause;
  readonly answerMs?: number;
}): ChannelSender {
  const { api, lines, http, files, pause } = options;
  /** When each session may write next, by `performance.now()`. */
  const freeAt = new Map<string, number>();

  const post = (method: string, json: object, signal: AbortSignal, answerMs = options.answerMs) =>
    http.postJson(`${api?.url ?? ''}/api/${method}`, json, {
      headers: { ...api?.headers },
      answerMs,
      signal,
    });

  /** Writing to who is not on WhatsApp is what gets an account blocked. Where WAHA does not say, it may be tried. */
  async function isNowhere(session: string, userId: string, signal: AbortSignal): Promise<boolean> {
    if (hiddenIdOf(userId) !== undefined) return false;
    const query = new URLSearchParams({ phone: userId, session });
    const url = `${api?.url ?? ''}/api/contacts/check-exists?${query.toString()}`;
    const answer = await http.getJson(url, { ...api?.headers }, signal);
    if ('kind' in answer || answer.status !== 200) return false;
    const { numberExists } = membersOf(answer.body);
    return numberExists !== undefined && numberExists !== null && !isTrue(numberExists);
  }

  /** Seen, typing, and the time that takes. @returns why nothing can be sent; undefined: go on */
  async function approach(
    session: string,
    chatId: string,
    length: number,
    signal: AbortSignal,
  ): Promise<SendOutcome | undefined> {
    await pause(Math.max((freeAt.get(session) ?? 0) - performance.now(), 0), signal);
    const about = { session, chatId };
    const seen = await post('sendSeen', about, signal);
    // Nothing was sent, so nothing is lost: the same happens to the message.
    if (seen.kind === 'not_sent') return seen;
    if (seen.kind === 'answer' && [401, 403, 404, 422].includes(seen.status)) return outcomeOf(seen);
    await post('startTyping', about, signal);
    await pause(Math.min(Math.max(length * TYPING.perCharacter, TYPING.least), TYPING.most), signal);
    await post('stopTyping', about, signal);
    return signal.aborted ? { kind: 'not_sent', code: 'stopping' } : undefined;
  }

  async function fileOf(file: NonNullable<OutboundMessage['file']>): Promise<object | null> {
    const opened = await files.open(file.key);
    if (opened === null) return null;
    const chunks: Uint8Array[] = [];
    for await (const chunk of opened.content) chunks.push(chunk as Uint8Array);
    return { mimetype: file.mimeType, filename: file.name, data: Buffer.concat(chunks).toString('base64') };
  }

  async function send(
    message: OutboundMessage,
    session: string,
    chatId: string,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    const { file, quotes } = message;
    // Ours are known by their whole id, the customer's by its last part.
    const quoted =
      quotes === undefined
        ? {}
        : { reply_to: /^(?:true|false)_/.test(quotes) ? quotes : `false_${chatId}_${quotes}` };
    const about = { session, chatId, ...quoted };
    if (file) {
      const content = await fileOf(file);
      if (content === null) return FILE_GONE;
      const json = {
        ...about,
        file: content,
        ...(file.caption !== null && { caption: file.caption }),
        ...(file.kind === 'audio' && { convert: true }),
      };
      const answer = await post(BY_KIND[file.kind], json, signal, UPLOAD_MS);
      return answer.kind === 'answer' ? outcomeOf(answer) : answer;
    }
    const answer = await post(
      'sendText',
      { ...about, text: textOf(message, LIMIT), linkPreview: false },
      signal,
    );
    return answer.kind === 'answer' ? outcomeOf(answer) : answer;
  }

  return {
    // One message after the other, as one person writes.
    atOnce: () => 1,
    ...(options.quiet && {
      quietFor: (_line: string, now: Date) => quietFor(options.quiet, now),
    }),
    lineFor: (talk) => (api === null ? null : lineToSendBy(lines, talk)),
    send: async (message, { line, userId, isFirst = false }, signal) => {
      if (api === null) return { kind: 'not_sent', code: 'not_configured' };
      if (message.template) return refused('waha_no_template');
      const chatId = chatOf(userId);
      if (chatId === undefined) return refused('waha_no_chat');
      const text = textOf(message, LIMIT);
      const long = message.file ? undefined : tooLong(text, LIMIT);
      if (long) return long;
      if (isFirst && (await isNowhere(line, userId, signal))) return refused('waha_not_on_whatsapp');
      const stopped = await approach(line, chatId, text.length, signal);
      if (stopped) return stopped;
      const outcome = await send(message, line, chatId, signal);
      freeAt.set(line, performance.now() + APART.least + Math.random() * (APART.most - APART.least));
      return outcome;
    },
  };
}
