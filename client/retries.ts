/**
 * Sends a request until it is answered: again after 429, 503 and the like, and where no answer came, but only where a second
 * time changes nothing. A POST gets an `Idempotency-Key` for that, the same for every try.
 */
import { retryAfterOf } from './errors.ts';

/** `fetch`, of the platform or of a test. */
export type Fetch = (request: Request, init?: RequestInit) => Promise<Response>;

export interface RetryOptions {
  /** Tries in all. Default 4. */
  readonly tries?: number;
  /** The first pause; each one after it is up to twice as long. Default 300 ms. */
  readonly pauseMs?: number;
  /** The longest pause that is waited, also when the server asks for one. Default 20 s: a longer wait is for a person to decide. */
  readonly longestPauseMs?: number;
  /** A try without an answer for so long counts as lost. Default 30 s; an upload has ten minutes. */
  readonly answerWithinMs?: number;
}

const UPLOAD_WITHIN_MS = 600_000;

/** Signing in is tried by a person, not by a program: failures are counted against the account. */
const isSignIn = (url: string): boolean => /\/api\/auth\/(login|password|totp)\b/.test(new URL(url).pathname);
const isUpload = (request: Request): boolean =>
  (request.headers.get('content-type') ?? '').startsWith('multipart/');

/** May it be sent again where the first may have been carried out? */
const isRepeatable = (request: Request): boolean =>
  request.method === 'POST' ? request.headers.has('idempotency-key') : !request.headers.has('if-match');

/** Nothing was carried out yet, or the answer will come: the code tells a conflict that passes from one that stays. */
async function isPassing(response: Response): Promise<boolean> {
  if ([429, 502, 503, 504].includes(response.status)) return true;
  if (response.status !== 409 || retryAfterOf(response) === null) return false;
  return (await response.clone().text()).includes('"IDEMPOTENCY_KEY_IN_USE"');
}

/** @throws the reason of the signal */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Between half of it and all of it: many who failed at once do not come again at once. */
export const spread = (milliseconds: number): number => milliseconds * (0.5 + Math.random() / 2);

/** One try. @throws what `fetch` throws; a `TimeoutError` where no answer began in time */
async function answered(
  send: Fetch,
  request: Request,
  init: RequestInit | undefined,
  within: number,
): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new DOMException('no answer in time', 'TimeoutError'));
  }, within);
  try {
    return await send(request, { ...init, signal: AbortSignal.any([request.signal, late.signal]) });
  } finally {
    clearTimeout(timer);
  }
}

/** @returns a `fetch` that tries again; it throws what `fetch` throws when no try was answered */
export function withRetries(send: Fetch, options: RetryOptions = {}): Fetch {
  const { tries = 4, pauseMs = 300, longestPauseMs = 20_000, answerWithinMs = 30_000 } = options;

  return async (request, init) => {
    const { signal } = request;
    if (request.method === 'POST' && !isSignIn(request.url) && !request.headers.has('idempotency-key'))
      request.headers.set('idempotency-key', crypto.randomUUID());
    const most = isSignIn(request.url) ? 1 : tries;
    const within = isUpload(request) ? UPLOAD_WITHIN_MS : answerWithinMs;

    for (let tried = 1; ; tried += 1) {
      const isLast = tried >= most;
      const backoff = spread(Math.min(pauseMs * 2 ** (tried - 1), longestPauseMs));
      try {
        const response = await answered(send, request.clone(), init, within);
        if (isLast || !(await isPassing(response))) return response;
        // After a 502 to 504 it may have been carried out; after a 429 it was not.
        if (response.status !== 429 && !isRepeatable(request)) return response;
        const asked = (retryAfterOf(response) ?? 0) * 1000;
        if (asked > longestPauseMs) return response;
        await response.body?.cancel();
        await pause(Math.max(asked, backoff), signal);
      } catch (error) {
        if (isLast || signal.aborted || !isRepeatable(request)) throw error;
        await pause(backoff, signal);
      }
    }
  };
}
