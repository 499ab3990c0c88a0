/** Downloads files that customers sent, from the channels' own hosts only, also when an id or an answer names another. */
import got from 'got';
import { z } from 'zod';
import type { Fetched, MediaSource } from '../../ports.ts';

/** Hosts of Meta's files; this one needs the token of the number. */
const META_TOKEN_HOST = 'lookaside.fbsbx.com';
const META_HOSTS = /(^|\.)(fbsbx\.com|fbcdn\.net|cdninstagram\.com)$/;

const TIMEOUT = { lookup: 5_000, connect: 5_000, secureConnect: 5_000, response: 15_000, request: 300_000 };
const QUIET = {
  retry: { limit: 0 },
  throwHttpErrors: false,
  followRedirect: false,
  timeout: TIMEOUT,
} as const;
const GONE: Fetched = { kind: 'gone' };

/** Never rejects. */
async function download(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Fetched> {
  const stream = got.stream(url, { ...QUIET, headers: { ...headers }, signal });
  try {
    const status = await new Promise<number>((resolve, reject) => {
      stream.once('response', ({ statusCode }: { statusCode: number }) => {
        resolve(statusCode);
      });
      stream.once('error', reject);
    });
    // The reader gets the error; without a reader it must not end the process.
    stream.on('error', () => undefined);
    if (status === 200) return { kind: 'open', content: stream as AsyncIterable<Uint8Array> };
    stream.destroy();
    return fetchedOf(status);
  } catch (error) {
    const { code } = error as { code?: string };
    return { kind: 'later', code: code ?? 'failed' };
  }
}

/** Refused for the token or the rate: try again later. Not there: never. */
const fetchedOf = (status: number): Fetched =>
  status >= 500 || [401, 403, 408, 429].includes(status)
    ? { kind: 'later', code: `http_${String(status)}` }
    : GONE;

async function getJson(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly body: unknown } | Extract<Fetched, { kind: 'later' }>> {
  try {
    const { statusCode, body } = await got(url, { ...QUIET, headers: { ...headers }, signal });
    return { status: statusCode, body: JSON.parse(body) as unknown };
  } catch (error) {
    const { code } = error as { code?: string };
    return { kind: 'later', code: code ?? 'unreadable_answer' };
  }
}

const mediaLocation = z.object({ url: z.url() });
const problem = z.object({ error: z.object({ code: z.number() }) });

/**
 * WhatsApp: an id gives an address that is valid for minutes and needs the token, too
 * (docs/design/whatsapp.md#media).
 */
export function whatsappMedia({ url, token }: { url: string; token: string | undefined }): MediaSource {
  const api = new URL(url);
  return {
    fetch: async (mediaId, _line, signal) => {
      if (token === undefined) return { kind: 'later', code: 'not_configured' };
      // The id is part of the address that gets the token.
      if (!/^[\w-]{1,256}$/.test(mediaId)) return GONE;
      const headers = { authorization: `Bearer ${token}` };
      const answer = await getJson(`${url}/${mediaId}`, headers, signal);
      if ('kind' in answer) return answer;
      const { status, body } = answer;
      if (status !== 200) {
        // Code 100: no such object. An invalid token (190) can be replaced.
        return problem.safeParse(body).data?.error.code === 100 ? GONE : fetchedOf(status);
      }
      const location = mediaLocation.safeParse(body).data;
      if (!location) return GONE;
      const file = new URL(location.url);
      const own = file.origin === api.origin;
      if (!own && !(file.protocol === 'https:' && file.hostname === META_TOKEN_HOST)) return GONE;
      return download(file, headers, signal);
    },
  };
}

/** Instagram and Messenger send the address itself; it needs no token, so none is sent. */
export const metaPageMedia: MediaSource = {
  fetch: async (mediaId, _line, signal) => {
    const parsed = z.url().safeParse(mediaId).data;
    if (parsed === undefined) return GONE;
    const file = new URL(parsed);
    if (file.protocol !== 'https:' || !META_HOSTS.test(file.hostname)) return GONE;
    return download(file, {}, signal);
  },
};

const telegramFile = z.object({ ok: z.literal(true), result: z.object({ file_path: z.string() }) });

export function telegramMedia(options: {
  readonly url: string;
  readonly bots: readonly { readonly division: string; readonly token: string }[];
}): MediaSource {
  const tokens = new Map(options.bots.map(({ division, token }) => [division, token]));
  return {
    fetch: async (mediaId, line, signal) => {
      const token = line === null ? undefined : tokens.get(line);
      if (token === undefined) return { kind: 'later', code: 'not_configured' };
      const query = `file_id=${encodeURIComponent(mediaId)}`;
      const answer = await getJson(`${options.url}/bot${token}/getFile?${query}`, {}, signal);
      if ('kind' in answer) return answer;
      const path = telegramFile.safeParse(answer.body).data?.result.file_path;
      // 400: an unknown id, or a file over the 20 MB that bots may download.
      if (path === undefined) return answer.status === 400 ? GONE : fetchedOf(answer.status);
      if (!/^[\w/.-]+$/.test(path) || path.includes('..')) return GONE;
      return download(new URL(`${options.url}/file/bot${token}/${path}`), {}, signal);
    },
  };
}
