/** The one door to the API: the token, one refresh for all who need it, and errors that can be shown. */
import createFetchClient from 'openapi-fetch';
import type { components, paths } from '../../../client/api.ts';
import { accessToken, refreshed, signedOut } from './session.ts';

export type Schemas = components['schemas'];
export type Ticket = Schemas['Ticket'];
export type Message = Schemas['Message'];
export type Note = Schemas['InternalMessage'];
export type Attachment = Schemas['Attachment'];
export type Crm = Schemas['Crm'];
export type Me = Schemas['Me'];
export type Person = Schemas['Person'];
export type Privilege = Me['privileges'][number];
export type Division = Ticket['division'];
export type Channel = Ticket['channel'];
export type AppNotification = Schemas['Notification'];
export type DeskCounts = Schemas['DeskCounts'];
export type FieldError = NonNullable<Schemas['Error']['error']['details']>[number];

/** What the API refused, in its own words. `code` is `OFFLINE` where there was no answer at all. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: readonly FieldError[];
  /** Milliseconds, where the API says when to come again. */
  readonly retryAfter: number | null;

  constructor(of: {
    code: string;
    message: string;
    status: number;
    details?: readonly FieldError[];
    retryAfter?: number | null;
  }) {
    super(of.message);
    this.name = 'ApiError';
    this.code = of.code;
    this.status = of.status;
    this.details = of.details ?? [];
    this.retryAfter = of.retryAfter ?? null;
  }
}

export const isOffline = (error: unknown): boolean => error instanceof ApiError && error.code === 'OFFLINE';
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof ApiError && error.code === code;

const OFFLINE = new ApiError({
  code: 'OFFLINE',
  status: 0,
  message: 'Tidak ada koneksi ke server. Periksa internet Anda.',
});

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw OFFLINE; // a network that is gone has no more to say
  }
}

/** Sends with the token; where that is no good any more, once again with a new one. */
export async function authorized(request: Request): Promise<Response> {
  request.headers.set('x-saga-client', 'web');
  const held = accessToken();
  if (held === null || request.url.includes('/api/auth/login')) return send(request);
  const again = request.clone();
  request.headers.set('authorization', `Bearer ${held}`);
  const answer = await send(request);
  if (answer.status !== 401) return answer;
  const fresh = await refreshed(held);
  if (fresh === null) {
    signedOut();
    return answer;
  }
  again.headers.set('authorization', `Bearer ${fresh}`);
  return send(again);
}

export const api = createFetchClient<paths>({ baseUrl: location.origin, fetch: authorized });

interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}
type DataOf<A> = A extends { data?: infer D } ? NonNullable<D> : never;

const isError = (body: unknown): body is Schemas['Error'] =>
  typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'object';

function errorOf({ error, response }: Answer): ApiError {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? seconds * 1000 : null;
  if (!isError(error)) {
    const message = 'Server sedang tidak dapat menjawab. Coba lagi sebentar.';
    return new ApiError({ code: 'NO_ANSWER', status: response.status, message, retryAfter });
  }
  const { code, message, details } = error.error;
  return new ApiError({ code, message, status: response.status, details: details ?? [], retryAfter });
}

/** The whole answer, with `meta`. @throws ApiError */
export async function whole<A extends Answer>(call: Promise<A>): Promise<DataOf<A>> {
  const answer = await call;
  if (!answer.response.ok) throw errorOf(answer);
  return answer.data as DataOf<A>;
}

/** What the answer holds. @throws ApiError */
export async function dataOf<A extends Answer>(
  call: Promise<A>,
): Promise<DataOf<A> extends { data: infer D } ? D : undefined> {
  const body = (await whole(call)) as { data?: unknown } | undefined;
  return body?.data as DataOf<A> extends { data: infer D } ? D : undefined;
}

/** One key per intent of a person: the same key again is the same command (docs/design/api.md#idempotency). */
export const once = (): { header: { 'Idempotency-Key': string } } => ({
  header: { 'Idempotency-Key': crypto.randomUUID() },
});
