/**
 * Simulates Meta on loopback, for the demo and for tests: it answers as docs/design/whatsapp.md#sending and
 * docs/design/whatsapp.md#error-codes say, with its errors, and remembers every message.
 */
import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sleep } from '../../../engine/jobs/sleep.ts';
import { react, startLoopback, textOfBody } from '../loopback.ts';
import { type Asked, readMessage, readReceiptOf } from './messages.ts';
import { takeUpload } from './uploads.ts';
import { answerJson, graphError, graphErrorOf, type SimulatedAnswer, takes } from './reaction.ts';
import { type ReportTarget, sendReport } from './reports.ts';

export interface Taken extends Asked {
  /** Message id of the channel. */
  readonly id: string;
}

export interface SimulatedMedia {
  readonly mimeType: string;
  readonly bytes: Buffer;
  /** Download address to return in place of our own. */
  readonly url?: string;
}

export interface MetaSimulator {
  /** With the version, as WHATSAPP_API_URL and META_GRAPH_URL need it. */
  readonly url: string;
  /** Requests of any kind so far, but for how a line is. */
  readonly requests: number;
  /** Every message that it was asked to send, accepted or not. */
  readonly asked: readonly Asked[];
  /** The messages that a customer receives. */
  readonly taken: readonly Taken[];
  /** Files that customers sent, by media id. */
  readonly media: Map<string, SimulatedMedia>;
  /** Files that were uploaded to be sent, by the id that was given. */
  readonly uploads: ReadonlyMap<string, SimulatedMedia & { readonly name: string }>;
  /** Messages that were said to be read. */
  readonly reads: readonly string[];
  /** What the Graph API says of people on Instagram and Messenger, by their id; of others it says that they did not agree. */
  readonly people: Map<string, object>;
  /** Of whom it was asked that. */
  readonly askedOf: readonly string[];
  /** The state of numbers, by their id. One that is not here is connected. */
  readonly numbers: Map<string, string>;
  close(): Promise<void>;
}

const isLook = (url: string): boolean => /\/getMe$|\?fields=id\b/.test(url);

export interface SimulatorOptions {
  readonly token: string;
  /** Decides what happens with each message. Default: accept it. */
  react?(message: Asked): SimulatedAnswer;
  /** Delay of the answer, in milliseconds. */
  slowness?(): number;
  /** Where to report `sent`, `delivered` and `read` of each WhatsApp message. */
  reportTo?(): ReportTarget | undefined;
  /** Delay between these reports, in milliseconds. */
  readonly pace?: number;
}

const VERSION = 'v25.0';

export async function startMetaSimulator(options: SimulatorOptions): Promise<MetaSimulator> {
  const asked: Asked[] = [];
  const taken: Taken[] = [];
  const media = new Map<string, SimulatedMedia>();
  const uploads = new Map<string, SimulatedMedia & { readonly name: string }>();
  const reads: string[] = [];
  const people = new Map<string, object>();
  const numbers = new Map<string, string>();
  const askedOf: string[] = [];
  let requests = 0;
  let telegrams = 0;
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);

  function reply(res: ServerResponse, reaction: SimulatedAnswer, message: Asked, id: string): void {
    if (reaction.kind !== 'accept') react(res, reaction, graphErrorOf);
    else if (message.channel === 'page') answerJson(res, 200, { recipient_id: message.to, message_id: id });
    else
      answerJson(res, 200, {
        messaging_product: 'whatsapp',
        contacts: [{ input: message.to, wa_id: message.to }],
        messages: [{ id }],
      });
  }

  async function send(line: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await bodyOf(req);
    const read = readReceiptOf(body);
    if (read !== undefined) {
      reads.push(read);
      answerJson(res, 200, { success: true });
      return;
    }
    const message = readMessage(line, body);
    // A file that was never uploaded is none.
    if (!message || (message.file && !uploads.has(message.file.id))) {
      graphError(res, { kind: 'error', status: 400, code: 100, details: 'Invalid parameter' });
      return;
    }
    asked.push(message);
    const reaction = options.react?.(message) ?? { kind: 'accept' };
    const id = `${message.channel === 'whatsapp' ? 'wamid.' : 'm_'}${randomBytes(18).toString('base64url')}`;
    if (takes(reaction)) {
      taken.push({ ...message, id });
      const target = options.reportTo?.();
      if (target && message.channel === 'whatsapp') void report(target, { ...message, id });
    }
    await sleep(options.slowness?.() ?? 0, closing.signal);
    reply(res, reaction, message, id);
  }

  async function upload(
    req: IncomingMessage,
    res: ServerResponse,
    member: 'id' | 'attachment_id',
  ): Promise<void> {
    const taken = await takeUpload(req, member === 'id' ? 'file' : 'filedata');
    if (!taken) {
      graphError(res, { kind: 'error', status: 400, code: 131053, details: 'Media upload error' });
      return;
    }
    const id = String(1_000 + uploads.size);
    uploads.set(id, taken);
    answerJson(res, 200, { [member]: id });
  }

  async function report(target: ReportTarget, { line, to, id, callbackData }: Taken): Promise<void> {
    for (const status of ['sent', 'delivered', 'read'] as const) {
      await sleep(options.pace ?? 400, closing.signal);
      const delivered = await sendReport(
        target,
        { line, to, messageId: id, status, callbackData },
        closing.signal,
      );
      if (!delivered) return;
    }
  }

  function person(id: string, res: ServerResponse): void {
    askedOf.push(id);
    const found = people.get(id);
    if (found) answerJson(res, 200, { ...found, id });
    else graphError(res, { kind: 'error', status: 400, code: 230, details: 'User consent is required' });
  }

  function file(id: string, res: ServerResponse): void {
    const found = media.get(id);
    if (!found) {
      graphError(res, { kind: 'error', status: 400, code: 100, subcode: 33, details: 'Unknown media' });
      return;
    }
    const { mimeType, bytes, url } = found;
    answerJson(res, 200, {
      messaging_product: 'whatsapp',
      id,
      url: url ?? `${base}/download/${id}`,
      mime_type: mimeType,
      file_size: bytes.length,
    });
  }

  function download(id: string, res: ServerResponse): void {
    const found = media.get(id);
    res.statusCode = found ? 200 : 404;
    if (found) res.setHeader('content-type', found.mimeType);
    res.end(found?.bytes);
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const [path = '', query = ''] = (req.url ?? '').split('?');
    const [version, first = '', second] = path.split('/').slice(1);
    if (version?.replace(/^bot(\d+:)?/, 'bot') === `bot${options.token}`) {
      // This simulator is Telegram, too: there it accepts everything.
      await bodyOf(req);
      if (first === 'getMe') {
        answerJson(res, 200, { ok: true, result: { id: 1, is_bot: true, first_name: 'Saga' } });
        return;
      }
      telegrams += 1;
      answerJson(res, 200, { ok: true, result: { message_id: telegrams } });
      return;
    }
    if (version !== VERSION) {
      graphError(res, { kind: 'error', status: 400, code: 2500 });
      return;
    }
    if (req.headers.authorization !== `Bearer ${options.token}`) {
      req.resume();
      graphError(res, { kind: 'error', status: 401, code: 190, details: 'Invalid OAuth access token' });
      return;
    }
    if (req.method === 'POST' && second === 'messages') await send(decodeURIComponent(first), req, res);
    else if (req.method === 'POST' && second === 'media') await upload(req, res, 'id');
    else if (req.method === 'POST' && second === 'message_attachments')
      await upload(req, res, 'attachment_id');
    else if (req.method === 'GET' && first === 'download') download(second ?? '', res);
    else if (req.method === 'GET' && query.includes('fields=name')) person(first, res);
    else if (req.method === 'GET' && query.startsWith('fields=id'))
      answerJson(res, 200, {
        id: first,
        ...(query.includes('status') && { status: numbers.get(first) ?? 'CONNECTED' }),
      });
    else if (req.method === 'GET' && second === undefined) file(first, res);
    else graphError(res, { kind: 'error', status: 404, code: 100 });
  }

  const loopback = await startLoopback((req, res) => {
    if (!isLook(req.url ?? '')) requests += 1;
    return answer(req, res);
  });
  const base = `${loopback.url}/${VERSION}`;

  return {
    url: base,
    get requests() {
      return requests;
    },
    asked,
    taken,
    media,
    uploads,
    reads,
    people,
    askedOf,
    numbers,
    close: async () => {
      closing.abort();
      await loopback.close();
    },
  };
}

async function bodyOf(req: IncomingMessage): Promise<unknown> {
  const text = await textOfBody(req);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
