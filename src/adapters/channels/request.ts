/** One HTTP request to a channel, and whether it was sent when it fails. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { RequestError, TimeoutError } from 'got';
import type { Readable } from 'node:stream';
import type { ChannelAnswer, ChannelHttp, ChannelPost, SendOutcome } from '../../ports.ts';
import { multipartOf } from './multipart.ts';

/** A new connection each time: on a kept one a reset does not show whether the request was sent. */
const agent = { http: new HttpAgent({ keepAlive: false }), https: new HttpsAgent({ keepAlive: false }) };

const CONNECT_MS = 5_000;
/** A channel answers in a second or two. After this time the outcome is unknown. */
const ANSWER_MS = 15_000;

type Failed = Extract<SendOutcome, { kind: 'not_sent' | 'unknown' }>;

/** Never rejects, never repeats, follows no redirect. */
export const postJson: ChannelHttp['postJson'] = (url, json, options) =>
  post(url, { json, headers: { ...options.headers } }, options);

/** The same, as a form without files. */
export const postFields: ChannelHttp['postFields'] = (url, form, options) =>
  post(url, { form: { ...form }, headers: { ...options.headers } }, options);

/** The same. A file that cannot be read to its end is a lost connection. */
export const postForm: ChannelHttp['postForm'] = (url, form, options) => {
  const { headers, body } = multipartOf(form);
  return post(url, { body, headers: { ...options.headers, ...headers } }, options);
};

async function post(
  url: string,
  what: { readonly headers: Record<string, string> } & (
    { readonly json: object } | { readonly body: Readable } | { readonly form: Record<string, string> }
  ),
  { answerMs, signal }: Pick<ChannelPost, 'answerMs' | 'signal'>,
): Promise<ChannelAnswer | Failed> {
  if (signal.aborted) return { kind: 'not_sent', code: 'stopping' };
  try {
    const response = await got.post(url, {
      ...what,
      agent,
      timeout: {
        lookup: CONNECT_MS,
        connect: CONNECT_MS,
        secureConnect: CONNECT_MS,
        request: answerMs ?? ANSWER_MS,
      },
      retry: { limit: 0 },
      throwHttpErrors: false,
      followRedirect: false,
      signal,
    });
    return {
      kind: 'answer',
      status: response.statusCode,
      ok: response.statusCode >= 200 && response.statusCode < 300,
      body: parsed(response.body),
      retryAfterMs: retryAfter(response.headers['retry-after']),
    };
  } catch (error) {
    return failed(error, url, signal);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
export function retryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(at - Date.now(), 0);
}

function failed(error: unknown, url: string, signal: AbortSignal): Failed {
  if (!(error instanceof RequestError)) return { kind: 'unknown', reason: 'connection_lost' };
  // Without a connection (and its encryption) nothing of the request was sent.
  const connectedAt = url.startsWith('https:') ? error.timings?.secureConnect : error.timings?.connect;
  if (connectedAt === undefined) return { kind: 'not_sent', code: error.code || 'no_connection' };
  if (signal.aborted) return { kind: 'unknown', reason: 'interrupted' };
  return { kind: 'unknown', reason: error instanceof TimeoutError ? 'timeout' : 'connection_lost' };
}
