/**
 * Simulates Twilio's Messages resource on loopback, for the demo and for tests: it answers as docs/design/channels.md#twilio says,
 * with its errors, reports by signed forms, and remembers every message.
 */
import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { twilioSignature } from '../../channels/twilio/signature.ts';
import { retry } from '../../engine/jobs/retry.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import { react, startLoopback, textOfBody } from './loopback.ts';
import { answerJson, type SimulatedAnswer, takes } from './meta-simulator/reaction.ts';

export type TwilioFields = Readonly<Record<string, string>>;

/** A message as its list shows it. */
export interface ListedMessage {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly direction: 'inbound' | 'outbound-api';
  readonly status: string;
  /** RFC 2822. */
  readonly date_sent: string;
  readonly num_media: string;
  readonly error_code: number | null;
}

export interface TwilioSimulator {
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** Every message that it was asked to send, accepted or not. */
  readonly asked: readonly TwilioFields[];
  readonly taken: readonly (TwilioFields & { readonly sid: string })[];
  /** What its list of messages has. */
  readonly listed: ListedMessage[];
  /** Files of customers by the path of their address; `location`: where it sends on to. */
  readonly media: Map<string, { readonly bytes: Buffer; readonly location?: string }>;
  /** What was asked for files, with the credentials that came along. */
  readonly downloads: readonly { readonly path: string; readonly authorization: string | undefined }[];
  /** What was deleted, by its address. */
  readonly deleted: readonly string[];
  /** A signed form to our webhook, as Twilio posts it. @returns the status of the answer */
  post(path: string, fields: TwilioFields): Promise<{ readonly status: number; readonly text: string }>;
  close(): Promise<void>;
}

export interface TwilioSimulatorOptions {
  react?(fields: TwilioFields): SimulatedAnswer;
  /** Where our API really is; addresses that it gives are of `publicUrl`. */
  api?(): string | undefined;
  readonly publicUrl: string;
  /** Its reports come first, and the answer to the request after them. */
  reportsFirst?(fields: TwilioFields): boolean;
  /** Between two reports of a message, in milliseconds; unset: none is made. */
  readonly pace?: number;
}

const hex = (): string => randomBytes(16).toString('hex');

/** What it cannot send: the code that it answers. */
function problemOf(fields: TwilioFields): number | undefined {
  const { From = '', To = '', Body, MediaUrl, ContentSid, ContentVariables } = fields;
  if (!/^whatsapp:\+\d{5,20}$/.test(From)) return 21_606;
  if (!/^whatsapp:(\+\d{5,20}|[A-Z]{2}\.[A-Za-z0-9.]+)$/.test(To)) return 21_211;
  if (ContentVariables !== undefined && ContentSid === undefined) return 21_654;
  if (ContentSid === undefined && Body === undefined && MediaUrl === undefined) return 21_602;
  if (ContentSid !== undefined && (Body !== undefined || MediaUrl !== undefined)) return 63_021;
  return [...(Body ?? '')].length > 1_600 ? 21_617 : undefined;
}

export async function startTwilioSimulator(options: TwilioSimulatorOptions): Promise<TwilioSimulator> {
  const accountSid = `AC${hex()}`;
  const authToken = hex();
  const asked: TwilioFields[] = [];
  const taken: (TwilioFields & { readonly sid: string })[] = [];
  const listed: ListedMessage[] = [];
  const media = new Map<string, { readonly bytes: Buffer; readonly location?: string }>();
  const downloads: { readonly path: string; readonly authorization: string | undefined }[] = [];
  const deleted: string[] = [];
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const root = `/2010-04-01/Accounts/${accountSid}`;
  const basic = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;

  async function post(path: string, fields: TwilioFields) {
    const api = options.api?.() ?? options.publicUrl;
    const form = new URLSearchParams(fields).toString();
    const response = await fetch(api + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-twilio-signature': twilioSignature(authToken, options.publicUrl + path, form),
        'i-twilio-idempotency-token': hex(),
      },
      body: form,
      signal: closing.signal,
    });
    return { status: response.status, text: await response.text() };
  }

  async function report({ sid, From = '', To = '', StatusCallback = '' }: TwilioFields): Promise<void> {
    const { pathname, search } = new URL(StatusCallback);
    for (const MessageStatus of ['sent', 'delivered', 'read']) {
      await sleep(options.pace ?? 0, closing.signal);
      const fields = {
        MessageSid: sid ?? '',
        SmsSid: sid ?? '',
        MessageStatus,
        From,
        To,
        AccountSid: accountSid,
      };
      const send = async (): Promise<void> => {
        if ((await post(pathname + search, fields)).status >= 300) throw new Error('not taken');
      };
      await retry(send, { firstMs: 200, signal: closing.signal, failed: () => undefined });
    }
  }

  async function send(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const fields = Object.fromEntries(new URLSearchParams(await textOfBody(req)));
    asked.push(fields);
    const code = problemOf(fields);
    const reaction: SimulatedAnswer =
      code === undefined
        ? (options.react?.(fields) ?? { kind: 'accept' })
        : { kind: 'error', status: 400, code };
    const sid = `SM${hex()}`;
    if (takes(reaction)) {
      taken.push({ ...fields, sid });
      if (options.pace !== undefined && fields['StatusCallback'] !== undefined) {
        const told = report({ ...fields, sid });
        if (options.reportsFirst?.(fields) === true) await told;
      }
    }
    if (reaction.kind === 'accept') answerJson(res, 201, { sid, status: 'queued', error_code: null });
    else
      react(res, reaction, ({ status, code: said = 0, details }) => ({
        code: said,
        message: details ?? 'simulated',
        more_info: `https://www.twilio.com/docs/errors/${String(said)}`,
        status,
      }));
  }

  function list(query: URLSearchParams, res: ServerResponse): void {
    const since = Date.parse(query.get('DateSent>') ?? '1970-01-01');
    const [to, from] = [query.get('To'), query.get('From')];
    const messages = listed.filter(
      (one) =>
        Date.parse(one.date_sent) >= since &&
        (to === null || one.to === to) &&
        (from === null || one.from === from),
    );
    const page = Number(query.get('Page') ?? '0');
    const size = Number(query.get('PageSize') ?? '50');
    const end = (page + 1) * size;
    query.set('Page', String(page + 1));
    answerJson(res, 200, {
      messages: messages.slice(page * size, end),
      next_page_uri: end < messages.length ? `${root}/Messages.json?${query.toString()}` : null,
    });
  }

  function erase(path: string, res: ServerResponse): void {
    const name = path.slice(0, -'.json'.length);
    const sid = name.split('/').at(-1) ?? '';
    const isFile = media.delete(name);
    const at = listed.findIndex((one) => one.sid === sid);
    if (at >= 0) listed.splice(at, 1);
    const isKnown = isFile || at >= 0 || (taken.some((one) => one.sid === sid) && !deleted.includes(name));
    if (!isKnown) {
      answerJson(res, 404, { code: 20_404, status: 404 });
      return;
    }
    deleted.push(name);
    res.statusCode = 204;
    res.end();
  }

  function file(path: string, authorization: string | undefined, res: ServerResponse): void {
    downloads.push({ path, authorization });
    const found = media.get(path);
    // The bytes are elsewhere: whoever asks for them with credentials is turned away, as by a store of signed addresses.
    if (!found) answerJson(res, 404, { code: 20_404, status: 404 });
    else if (found.location !== undefined) {
      res.statusCode = 307;
      res.setHeader('location', found.location);
      res.end();
    } else if (authorization !== undefined) answerJson(res, 400, { code: 0 });
    else res.end(found.bytes);
  }

  const server = await startLoopback(async (req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '', 'http://localhost');
    const { authorization } = req.headers;
    if (media.has(pathname) && !pathname.startsWith(root)) {
      file(pathname, authorization, res);
      return;
    }
    if (authorization !== basic) {
      req.resume();
      answerJson(res, 401, { code: 20_003, message: 'Authenticate', status: 401 });
    } else if (req.method === 'DELETE') erase(pathname, res);
    else if (pathname === `${root}/Messages.json` && req.method === 'POST') await send(req, res);
    else if (pathname === `${root}/Messages.json`) list(searchParams, res);
    else if (pathname === `${root}.json`) answerJson(res, 200, { sid: accountSid, status: 'active' });
    else if (/\/Media\/ME\w+$/.test(pathname)) file(pathname, authorization, res);
    else if (pathname.endsWith('/Media.json')) {
      const folder = pathname.slice(0, -'.json'.length);
      const inside = [...media.keys()].filter((path) => path.startsWith(`${folder}/`));
      answerJson(res, 200, {
        media_list: inside.map((path) => ({ uri: `${path}.json`, content_type: 'image/jpeg' })),
      });
    } else answerJson(res, 404, { code: 20_404, status: 404 });
  });

  return {
    url: server.url,
    ...{ accountSid, authToken, asked, taken, listed, media, downloads, deleted, post },
    close: async () => {
      closing.abort();
      await server.close();
    },
  };
}
