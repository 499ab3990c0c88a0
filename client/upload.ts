/**
 * A file to the API while one watches how far it came: `fetch` does not tell, so this is the one place with an XMLHttpRequest. It has
 * an entry of its own, because a first screen does without it.
 */
import type { paths } from './api.ts';
import { errorOf, errorOfThrown, type Result } from './errors.ts';
import type { Session } from './session.ts';

type Path = '/api/admin/ticket/{id}/media';
/** What the server made of the file. */
export type UploadedFile = paths[Path]['post']['responses'][201]['content']['application/json']['data'];

export interface UploadOptions {
  readonly session: Pick<Session, 'token' | 'refresh'>;
  /** Default: the page's own origin. */
  readonly baseUrl?: string;
  readonly ticketId: string;
  readonly file: File;
  /** One per intent: the same file is stored once, however often it is tried. */
  readonly idempotencyKey: string;
  readonly signal?: AbortSignal;
  /** @param part from 0 to 1, of the bytes that have left */
  readonly onProgress?: (part: number) => void;
}

function sent(options: UploadOptions, token: string | null): Promise<Response> {
  const { baseUrl = '', ticketId, file, idempotencyKey, signal, onProgress } = options;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = (): void => {
      request.abort();
    };
    const end = (): void => signal?.removeEventListener('abort', stop);
    request.open('POST', `${baseUrl}/api/admin/ticket/${encodeURIComponent(ticketId)}/media`);
    request.setRequestHeader('x-saga-client', 'saga-client');
    request.setRequestHeader('idempotency-key', idempotencyKey);
    if (token !== null) request.setRequestHeader('authorization', `Bearer ${token}`);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      end();
      const headers = new Headers();
      for (const name of ['retry-after', 'x-request-id']) {
        const value = request.getResponseHeader(name);
        if (value !== null) headers.set(name, value);
      }
      resolve(new Response(request.responseText, { status: request.status, headers }));
    };
    request.onerror = () => {
      end();
      reject(new TypeError('the file did not get through'));
    };
    request.onabort = () => {
      end();
      reject(new DOMException('the upload was stopped', 'AbortError'));
    };
    const body = new FormData();
    body.set('file', file, file.name);
    if (signal?.aborted === true) {
      reject(new DOMException('the upload was stopped', 'AbortError'));
      return;
    }
    signal?.addEventListener('abort', stop, { once: true });
    request.send(body);
  });
}

/** One try, and a second one where only the token was too old. Another try is for a person to ask for: files are large. */
export async function upload(options: UploadOptions): Promise<Result<UploadedFile>> {
  const { session } = options;
  try {
    const token = await session.token();
    let response = await sent(options, token);
    if (response.status === 401 && token !== null) {
      const refreshed = await session.refresh(token);
      if (refreshed.ok) response = await sent(options, refreshed.data);
    }
    const text = await response.text();
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      answer = text; // no JSON: `errorOf` calls it unexpected
    }
    if (!response.ok || typeof answer !== 'object') return { ok: false, error: errorOf(response, answer) };
    const { data } = answer as { readonly data: UploadedFile };
    return { ok: true, data, meta: undefined, status: response.status, etag: null };
  } catch (thrown) {
    return { ok: false, error: errorOfThrown(thrown) };
  }
}
