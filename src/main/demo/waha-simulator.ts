/**
 * Simulates WAHA on loopback, for the demo and for tests: it answers as docs/design/channels.md#waha says, with its errors, reports by
 * signed events, and remembers everything that it was asked.
 */
import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { wahaSignature } from '../../channels/waha/form.ts';
import { retry } from '../../engine/jobs/retry.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import { react, startLoopback, textOfBody } from './loopback.ts';
import { answerJson, type SimulatedAnswer, takes } from './meta-simulator/reaction.ts';

export interface WahaAsked {
  /** `sendText`, `sendSeen`, ... */
  readonly method: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface WahaSimulator {
  readonly url: string;
  readonly key: string;
  readonly hmacKey: string;
  /** Every POST of its API, in order. */
  readonly asked: readonly WahaAsked[];
  /** What a customer receives. */
  readonly taken: readonly (WahaAsked & { readonly id: string })[];
  /** Status of each session; one that is not here does not exist. */
  readonly sessions: Map<string, string>;
  /** Hidden id to number. */
  readonly numbers: Map<string, string | null>;
  /** How often it was asked for a number. */
  readonly askedNumbers: readonly string[];
  /** What its history of chats has, oldest first. */
  readonly history: Record<string, unknown>[];
  /** Numbers that are not on WhatsApp. */
  readonly nowhere: Set<string>;
  /** Chats that were emptied: session and chat. */
  readonly emptied: readonly string[];
  /** Files by path. */
  readonly files: Map<string, Buffer>;
  /** A message by its id, as it is answered when it is asked for again. */
  readonly again: Map<string, Record<string, unknown>>;
  /** A signed event to our webhook. @returns the status of the answer */
  post(event: string, session: string, payload: object): Promise<number>;
  close(): Promise<void>;
}

export interface WahaSimulatorOptions {
  react?(asked: WahaAsked): SimulatedAnswer;
  /** Address of our webhook of WAHA. */
  webhook?(): string | undefined;
  /** Between two acks of a message, in milliseconds; unset: none comes. */
  readonly pace?: number;
}

const secretOf = (): string => randomBytes(16).toString('hex');
/** One white pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=',
  'base64',
);

export async function startWahaSimulator(options: WahaSimulatorOptions = {}): Promise<WahaSimulator> {
  const key = secretOf();
  const hmacKey = secretOf();
  const asked: WahaAsked[] = [];
  const taken: (WahaAsked & { readonly id: string })[] = [];
  const sessions = new Map<string, string>();
  const numbers = new Map<string, string | null>();
  const askedNumbers: string[] = [];
  const history: Record<string, unknown>[] = [];
  const nowhere = new Set<string>();
  const emptied: string[] = [];
  const files = new Map<string, Buffer>();
  const again = new Map<string, Record<string, unknown>>();
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  let events = 0;

  async function post(event: string, session: string, payload: object): Promise<number> {
    events += 1;
    const body = JSON.stringify({
      id: `evt_${String(events)}`,
      timestamp: Date.now(),
      ...{ event, session, payload, engine: 'GOWS' },
    });
    const response = await fetch(options.webhook?.() ?? '', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-webhook-request-id': secretOf(),
        'x-webhook-timestamp': String(Date.now()),
        'x-webhook-hmac': wahaSignature(hmacKey, body),
        'x-webhook-hmac-algorithm': 'sha512',
      },
      body,
      signal: closing.signal,
    });
    await response.arrayBuffer();
    return response.status;
  }

  async function acks(session: string, chat: string, id: string): Promise<void> {
    for (const ack of [1, 2, 3]) {
      await sleep(options.pace ?? 0, closing.signal);
      const send = async (): Promise<void> => {
        const payload = { id, from: chat, to: chat, fromMe: true, ack };
        if ((await post('message.ack', session, payload)) !== 200) throw new Error('not taken');
      };
      await retry(send, { firstMs: 200, signal: closing.signal, failed: () => undefined });
    }
  }

  function sent(request: WahaAsked, res: ServerResponse): void {
    const session = String(request.json['session']);
    const chat = String(request.json['chatId']);
    const status = sessions.get(session);
    if (status === undefined) {
      answerJson(res, 404, { statusCode: 404, message: `Session "${session}" does not exist` });
      return;
    }
    if (status !== 'WORKING') {
      answerJson(res, 422, { error: 'Session status is not as expected', status, expected: ['WORKING'] });
      return;
    }
    if (!/^\d+@(c\.us|lid|g\.us)$/.test(chat)) {
      answerJson(res, 400, { statusCode: 400, message: 'chatId is not valid' });
      return;
    }
    const isMessage = !/^(sendSeen|startTyping|stopTyping)$/.test(request.method);
    const reaction = isMessage
      ? (options.react?.(request) ?? { kind: 'accept' as const })
      : { kind: 'accept' as const };
    const id = `true_${chat}_3EB0${randomBytes(8).toString('hex').toUpperCase()}`;
    if (isMessage && takes(reaction)) {
      taken.push({ ...request, id });
      if (options.pace !== undefined) void acks(session, chat, id);
    }
    if (reaction.kind === 'accept')
      answerJson(res, 201, isMessage ? { id: { _serialized: id }, ack: 0 } : {});
    else
      react(res, reaction, ({ status: statusCode, details }) => ({
        statusCode,
        message: details ?? 'simulated',
      }));
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(req.url ?? '', 'http://localhost');
    const text = await textOfBody(req);
    if (req.headers['x-api-key'] !== key) {
      answerJson(res, 401, { statusCode: 401, message: 'Unauthorized' });
      return;
    }
    const file = files.get(pathname);
    if (file) {
      res.end(file);
      return;
    }
    const [first = '', second = '', third, fourth, fifth] = pathname
      .split('/')
      .slice(2)
      .map(decodeURIComponent);
    if (req.method === 'DELETE' && second === 'chats' && fourth === 'messages' && fifth === undefined) {
      const isThere = sessions.has(first);
      if (isThere) emptied.push(`${first} ${third ?? ''}`);
      answerJson(res, isThere ? 200 : 404, {});
    } else if (req.method === 'POST' && first === 'sessions' && third === 'restart') {
      sessions.set(second, 'STARTING');
      answerJson(res, 201, { name: second, status: 'STARTING' });
    } else if (req.method === 'POST') {
      const request = { method: first, json: JSON.parse(text) as Record<string, unknown> };
      asked.push(request);
      sent(request, res);
    } else if (first === 'sessions') {
      const status = sessions.get(second);
      answerJson(res, status === undefined ? 404 : 200, {
        name: second,
        ...(status !== undefined && { status }),
      });
    } else if (second === 'auth' && third === 'qr' && sessions.get(first) === 'SCAN_QR_CODE') {
      res.setHeader('content-type', 'image/png');
      res.end(PNG);
    } else if (first === 'contacts' && second === 'check-exists') {
      const phone = searchParams.get('phone') ?? '';
      const numberExists = !nowhere.has(phone);
      answerJson(res, 200, { numberExists, ...(numberExists && { chatId: `${phone}@c.us` }) });
    } else if (second === 'lids' && third !== undefined) {
      askedNumbers.push(third);
      answerJson(res, 200, { lid: `${third}@lid`, pn: numbers.get(third) ?? null });
    } else if (second === 'chats' && third === 'all' && fourth === 'messages') {
      const since = Number(searchParams.get('filter.timestamp.gte') ?? '0');
      const found = history.filter((one) => Number(one['timestamp']) >= since).toReversed();
      const offset = Number(searchParams.get('offset') ?? '0');
      answerJson(res, 200, found.slice(offset, offset + Number(searchParams.get('limit') ?? '10')));
    } else if (second === 'chats' && fourth === 'messages' && again.has(fifth ?? ''))
      answerJson(res, 200, again.get(fifth ?? '') ?? {});
    else answerJson(res, 404, { statusCode: 404, message: 'Not Found' });
  }

  const server = await startLoopback(answer);
  return {
    url: server.url,
    ...{
      key,
      hmacKey,
      asked,
      taken,
      sessions,
      numbers,
      askedNumbers,
      history,
      nowhere,
      emptied,
      files,
      again,
      post,
    },
    close: async () => {
      closing.abort();
      await server.close();
    },
  };
}
