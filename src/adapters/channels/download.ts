/** Downloads of files that customers sent. Which hosts may be asked is the channel's to say. */
import got from 'got';
import type { Fetched } from '../../ports.ts';
import { fetchedOf } from '../../channels/files.ts';

const TIMEOUT = { lookup: 5_000, connect: 5_000, secureConnect: 5_000, response: 15_000, request: 300_000 };
const QUIET = {
  retry: { limit: 0 },
  throwHttpErrors: false,
  followRedirect: false,
  timeout: TIMEOUT,
} as const;

/** Never rejects. */
export async function download(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onTo?: (url: URL) => boolean,
): Promise<Fetched> {
  const stream = got.stream(url, { ...QUIET, headers: { ...headers }, signal });
  try {
    const { status, location } = await new Promise<Answered>((resolve, reject) => {
      stream.once('response', ({ statusCode, headers: { location } }: Arriving) => {
        resolve({ status: statusCode, location });
      });
      stream.once('error', reject);
    });
    // The reader gets the error; without a reader it must not end the process.
    stream.on('error', () => undefined);
    if (status === 200) return { kind: 'open', content: stream as AsyncIterable<Uint8Array> };
    stream.destroy();
    const next = location !== undefined && REDIRECTS.has(status) ? addressOf(location, url) : undefined;
    // Its credentials are for the first address alone.
    if (next && onTo?.(next) === true) return await download(next, {}, signal);
    return fetchedOf(status);
  } catch (error) {
    const { code } = error as { code?: string };
    return { kind: 'later', code: code ?? 'failed' };
  }
}

interface Answered {
  readonly status: number;
  readonly location: string | undefined;
}
interface Arriving {
  readonly statusCode: number;
  readonly headers: { readonly location?: string };
}
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function addressOf(location: string, from: URL): URL | undefined {
  return URL.canParse(location, from) ? new URL(location, from) : undefined;
}

/** Never rejects. */
export async function getJson(
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

/** Never rejects. */
export async function remove(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{ readonly status: number } | Extract<Fetched, { kind: 'later' }>> {
  try {
    const { statusCode } = await got.delete(url, { ...QUIET, headers: { ...headers }, signal });
    return { status: statusCode };
  } catch (error) {
    const { code } = error as { code?: string };
    return { kind: 'later', code: code ?? 'failed' };
  }
}
