/**
 * The API for a dashboard or an app in TypeScript: paths, parameters, bodies and answers are checked by the compiler.
 *
 * @example
 * const { api, session } = createClient({ baseUrl: 'https://api.example.com', transport: 'cookie' });
 * const inbox = await result(api.GET('/api/admin/inbox', { params: { query: { queue_status: 'free' } } }));
 */
import createFetchClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api.ts';
import { type Fetch, type RetryOptions, withRetries } from './retries.ts';
import { createSession, memoryStore, type RefreshTokenStore, type Session } from './session.ts';
import { openStream, type Stream, type StreamOptions } from './stream.ts';

export type Schemas = components['schemas'];
export type Ticket = Schemas['Ticket'];
export type ApiClient = Client<paths>;

export interface ClientOptions {
  /** Without a path, e.g. `https://api.example.com`. Default: the page's own origin. */
  readonly baseUrl?: string;
  /** `cookie` for browsers; `body` for phones and Node, which keep the refresh token in `store`. */
  readonly transport: 'cookie' | 'body';
  /** Only for `body`. Default: in memory. */
  readonly store?: RefreshTokenStore;
  /** Do tabs share the session? Default: with `cookie`. */
  readonly tabs?: boolean;
  readonly retries?: RetryOptions;
  readonly fetch?: Fetch;
}

export interface SagaClient {
  /** One method per HTTP method; wrap it in `result` to get errors as values. */
  readonly api: ApiClient;
  readonly session: Session;
  /** What happens, as it happens. Ends when nobody is signed in any more. */
  stream(options: StreamOptions): Stream;
  close(): void;
}

const PUBLIC = /\/api\/auth\/(login|login\/totp|refresh)$/;
/** Who has these is not signed in any more; another 401 says that a password or a code is wrong. */
const ENDED = ['"UNAUTHENTICATED"', '"SESSION_REVOKED"'];

const originOfPage = (): string => {
  const { location } = globalThis as { readonly location?: { readonly origin: string } };
  if (location === undefined) throw new TypeError('baseUrl is needed where there is no page');
  return location.origin;
};

/** @throws TypeError without a baseUrl outside of a page */
export function createClient(options: ClientOptions): SagaClient {
  const { transport, store = memoryStore(), tabs = transport === 'cookie' } = options;
  const baseUrl = (options.baseUrl ?? originOfPage()).replace(/\/+$/, '');
  const send: Fetch = options.fetch ?? ((request, init) => globalThis.fetch(request, init));
  const session = createSession({ baseUrl, transport, store, tabs, fetch: send });
  const retrying = withRetries(send, options.retries);

  const as = (request: Request, token: string | null): Request => {
    if (token !== null) request.headers.set('authorization', `Bearer ${token}`);
    return request;
  };

  /** With a token that is good; a token that was refused is traded, and the request sent again. */
  const authenticated: Fetch = async (request) => {
    if (PUBLIC.test(new URL(request.url).pathname)) return retrying(request);
    const token = await session.token();
    const response = await retrying(as(request, token));
    if (response.status !== 401 || token === null) return response;
    const text = await response.clone().text();
    if (!ENDED.some((code) => text.includes(code))) return response;
    const refreshed = await session.refresh(token);
    return refreshed.ok ? retrying(as(request, refreshed.data)) : response;
  };

  const api = createFetchClient<paths>({
    baseUrl,
    fetch: (request) => authenticated(request),
    credentials: transport === 'cookie' ? 'include' : 'omit',
    headers: { 'x-saga-client': 'saga-client' },
  });

  return {
    api,
    session,
    stream: (streaming) => openStream({ baseUrl, session, fetch: send }, streaming),
    close: () => session.close(),
  };
}
