/** Files that customers sent, from the channels' own hosts only, whatever an id or an answer says. */
import got from 'got';
import { z } from 'zod';
import type { Fetched, MediaSource } from '../../ports.ts';

/** Where Meta keeps files; the first wants the token of whoever owns the number. */
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
    // Whoever reads is told of an error; before and without a reader it must not end the process.
    stream.on('error', () => undefined);
    if (status === 200) return { kind: 'open', content: stream as AsyncIterable<Uint8Array> };
    stream.destroy();
    return atStatus(status);
  } catch (error) {
    const { code } = error as { code?: string };
    return { kind: 'later', code: code ?? 'failed' };
  }
}

/** What is refused today for want of a token or in too great a hurry may be had tomorrow; what is not there, not. */
const atStatus = (status: number): Fetched =>
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

const place = z.object({ url: z.url() });
const problem = z.object({ error: z.object({ code: z.number() }) });

/** WhatsApp: an id gives an address that lives for minutes, and that wants the token again (whatsapp.md 3). */
export function whatsappMedia({ url, token }: { url: string; token: string | undefined }): MediaSource {
  const api = new URL(url);
  return {
    fetch: async (mediaId, _line, signal) => {
      if (token === undefined) return { kind: 'later', code: 'not_configured' };
      // The token goes to the address made of it.
      if (!/^[\w-]{1,256}$/.test(mediaId)) return GONE;
      const headers = { authorization: `Bearer ${token}` };
      const answer = await getJson(`${url}/${mediaId}`, headers, signal);
      if ('kind' in answer) return answer;
      const { status, body } = answer;
      if (status !== 200) {
        // Code 100: no such object. A token that does not count (190) can be mended.
        return problem.safeParse(body).data?.error.code === 100 ? GONE : atStatus(status);
      }
      const where = place.safeParse(body).data;
      if (!where) return GONE;
      const file = new URL(where.url);
      const own = file.origin === api.origin;
      if (!own && !(file.protocol === 'https:' && file.hostname === META_TOKEN_HOST)) return GONE;
      return download(file, headers, signal);
    },
  };
}

/** Instagram and Messenger give the address itself; it is public to whoever knows it, so no token goes there. */
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
      // 400: an id that nobody knows, or a file over the 20 MB that bots may fetch.
      if (path === undefined) return answer.status === 400 ? GONE : atStatus(answer.status);
      if (!/^[\w/.-]+$/.test(path) || path.includes('..')) return GONE;
      return download(new URL(`${options.url}/file/bot${token}/${path}`), {}, signal);
    },
  };
}
