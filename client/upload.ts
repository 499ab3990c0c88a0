/**
 * A file to the API while one watches how far it came: `fetch` does not tell, so this is the one place with an XMLHttpRequest. It has
 * an entry of its own, because a first screen does without it.
 */
import type { paths } from './api.ts';
import { errorOf, errorOfThrown, type Result } from './errors.ts';
import type { Session } from './session.ts';

/** What the server made of the file. */
export type UploadedFile =
  paths['/api/admin/ticket/{id}/media']['post']['responses'][201]['content']['application/json']['data'];
export type UploadedDocument =
  paths['/api/jobs/{id}/documents/{document}']['put']['responses'][200]['content']['application/json']['data'];

interface AnyUpload {
  readonly session: Pick<Session, 'token' | 'refresh'>;
  /** Default: the page's own origin. */
  readonly baseUrl?: string;
  readonly file: File;
  readonly signal?: AbortSignal;
  /** @param part from 0 to 1, of the bytes that have left */
  readonly onProgress?: (part: number) => void;
}
export interface UploadOptions extends AnyUpload {
  readonly ticketId: string;
  /** One per intent: the same file is stored once, however often it is tried. */
  readonly idempotencyKey: string;
}
export interface DocumentOptions extends AnyUpload {
  readonly jobId: string;
  /** The same bytes under the same kind are one document, however often they are tried. */
  readonly kind: UploadedDocument['kind'];
}

interface Wish {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: FormData | File;
}

function sent(
  { baseUrl = '', signal, onProgress }: AnyUpload,
  wish: Wish,
  token: string | null,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = (): void => {
      request.abort();
    };
    const end = (): void => signal?.removeEventListener('abort', stop);
    request.open(wish.method, `${baseUrl}${wish.path}`);
    request.setRequestHeader('x-saga-client', 'saga-client');
    for (const [name, value] of Object.entries(wish.headers)) request.setRequestHeader(name, value);
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
    if (signal?.aborted === true) {
      reject(new DOMException('the upload was stopped', 'AbortError'));
      return;
    }
    signal?.addEventListener('abort', stop, { once: true });
    request.send(wish.body);
  });
}

/** One try, and a second one where only the token was too old. Another try is for a person to ask for: files are large. */
async function tried<Data>(options: AnyUpload, wish: Wish): Promise<Result<Data>> {
  const { session } = options;
  try {
    const token = await session.token();
    let response = await sent(options, wish, token);
    if (response.status === 401 && token !== null) {
      const refreshed = await session.refresh(token);
      if (refreshed.ok) response = await sent(options, wish, refreshed.data);
    }
    const text = await response.text();
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      answer = text; // no JSON: `errorOf` calls it unexpected
    }
    if (!response.ok || typeof answer !== 'object') return { ok: false, error: errorOf(response, answer) };
    const { data } = answer as { readonly data: Data };
    return { ok: true, data, meta: undefined, status: response.status, etag: null };
  } catch (thrown) {
    return { ok: false, error: errorOfThrown(thrown) };
  }
}

/** A file for the customer of a ticket. */
export function upload(options: UploadOptions): Promise<Result<UploadedFile>> {
  const { ticketId, idempotencyKey, file } = options;
  const body = new FormData();
  body.set('file', file, file.name);
  return tried(options, {
    ...{ method: 'POST', path: `/api/admin/ticket/${encodeURIComponent(ticketId)}/media`, body },
    headers: { 'idempotency-key': idempotencyKey },
  });
}

/** A paper or a picture of a visit. */
export function uploadDocument(options: DocumentOptions): Promise<Result<UploadedDocument>> {
  const { jobId, kind, file } = options;
  return tried(options, {
    ...{ method: 'PUT', path: `/api/jobs/${encodeURIComponent(jobId)}/documents/${kind}`, body: file },
    // By its bytes it is what it is.
    headers: { 'content-type': 'application/octet-stream' },
  });
}
