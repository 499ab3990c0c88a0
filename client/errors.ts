/** Errors as values: what a screen shows, and what a program decides by. Nothing here throws. */
import type { components } from './api.ts';

type ErrorBody = components['schemas']['ApiError']['error'];
/** The stable, English names of refusals. */
export type ErrorCode = ErrorBody['code'];
/** A bad field of the request, with an Indonesian sentence for it. */
export type ErrorDetail = NonNullable<ErrorBody['details']>[number];

/** The server said no, and why. `message` is Indonesian and can be shown as it is. */
export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: readonly ErrorDetail[];
  /** Seconds until another try makes sense, where the server said so. */
  readonly retryAfter: number | null;
  /** For the support: the server's log has it. */
  readonly requestId: string | null;
}

/** No answer came, also after the retries: whether the request was carried out is not known. */
export interface Unreachable {
  readonly kind: 'unreachable';
  readonly message: string;
  readonly cause: unknown;
}

/** The caller's own signal ended the request. */
export interface Aborted {
  readonly kind: 'aborted';
  readonly message: string;
}

/** An answer that is none of the API, as a proxy in front of it gives one. */
export interface Unexpected {
  readonly kind: 'unexpected';
  readonly status: number;
  readonly message: string;
  readonly requestId: string | null;
}

export type SagaError = Refused | Unreachable | Aborted | Unexpected;

export interface Success<D, M> {
  readonly ok: true;
  readonly data: D;
  /** Totals and cursors, where the answer has some. */
  readonly meta: M;
  readonly status: number;
  /** The version of what was read, for `If-Match`. */
  readonly etag: string | null;
}

export interface Failure {
  readonly ok: false;
  readonly error: SagaError;
}

export type Result<D, M = unknown> = Success<D, M> | Failure;

/** An answer of `api.GET`, `api.POST`, ... */
interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}
type EnvelopeOf<A> = A extends { data: infer E } ? E : never;
type DataOf<E> = E extends { data: infer D } ? D : undefined;
type MetaOf<E> = E extends { meta?: infer M } ? M : undefined;

const UNREACHABLE = 'Server tidak dapat dihubungi. Periksa koneksi Anda, lalu coba lagi.';
const ABORTED = 'Permintaan dibatalkan.';
const UNEXPECTED = 'Server menjawab dengan cara yang tidak dikenal. Coba lagi sebentar lagi.';

/** Whole seconds of the header `Retry-After`; null where it has none. */
export function retryAfterOf({ headers }: Pick<Response, 'headers'>): number | null {
  const text = headers.get('retry-after');
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** What the API promises of an error, as far as it can be seen. */
const isErrorBody = (error: unknown): error is ErrorBody =>
  isRecord(error) && typeof error['code'] === 'string' && typeof error['message'] === 'string';

/** What an answer outside of 2xx says. @param body as parsed, or as text */
export function errorOf(response: Response, body: unknown): Refused | Unexpected {
  const { status, headers } = response;
  const requestId = headers.get('x-request-id');
  const error = isRecord(body) ? body['error'] : undefined;
  if (!isErrorBody(error)) return { kind: 'unexpected', status, message: UNEXPECTED, requestId };
  const { code, message, details = [] } = error;
  return { kind: 'refused', status, code, message, details, retryAfter: retryAfterOf(response), requestId };
}

/** What a request that threw says: `fetch` throws where no answer came. */
export function errorOfThrown(thrown: unknown): Unreachable | Aborted {
  const isAbort = isRecord(thrown) && thrown['name'] === 'AbortError';
  return isAbort
    ? { kind: 'aborted', message: ABORTED }
    : { kind: 'unreachable', message: UNREACHABLE, cause: thrown };
}

/**
 * The answer of a request as a value, whatever happened.
 *
 * @example
 * const taken = await result(api.POST('/api/admin/ticket/{id}/self-takeover', { params: { path }, body: {} }));
 * if (!taken.ok) return show(taken.error.message);
 */
export async function result<A extends Answer>(
  answer: Promise<A>,
): Promise<Result<DataOf<EnvelopeOf<A>>, MetaOf<EnvelopeOf<A>>>> {
  let given: A;
  try {
    given = await answer;
  } catch (thrown) {
    return { ok: false, error: errorOfThrown(thrown) };
  }
  const { data, error, response } = given;
  if (!response.ok) return { ok: false, error: errorOf(response, error) };
  const envelope = isRecord(data) ? data : {};
  return {
    ok: true,
    data: envelope['data'] as DataOf<EnvelopeOf<A>>,
    meta: envelope['meta'] as MetaOf<EnvelopeOf<A>>,
    status: response.status,
    etag: response.headers.get('etag'),
  };
}
