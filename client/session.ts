/**
 * Who is signed in. The access token is in memory only. The refresh token is in a cookie that no script can read
 * (`transport: 'cookie'`, browsers), or in a `store` of the app (`transport: 'body'`, phones and Node).
 */
import type { components } from './api.ts';
import { errorOf, errorOfThrown, type Result, type SagaError } from './errors.ts';
import { type Fetch, withRetries } from './retries.ts';
import { joinTabs, type TabMessage } from './tabs.ts';

type Schemas = components['schemas'];
export type SignedInUser = Schemas['SignedIn']['user'];
/** The account has a second factor: `loginCode` with the challenge and a code. */
export type CodeWanted = Schemas['CodeWanted'];

/** What every answer holds that lets somebody in. */
export interface Tokens {
  readonly token: string;
  readonly refresh_token?: string | undefined;
  readonly expires_in: number;
}

/** Where an app keeps the refresh token: the secure storage of a phone, a file. */
export interface RefreshTokenStore {
  load(): Promise<string | null>;
  save(refreshToken: string | null): Promise<void>;
}

export type SessionState =
  | { readonly kind: 'signed-in'; readonly userId: string }
  /** `error`: why the server ended it; null where nobody was signed in, or the user left. */
  | { readonly kind: 'signed-out'; readonly error: SagaError | null };

export interface SessionOptions {
  readonly baseUrl: string;
  readonly transport: 'cookie' | 'body';
  readonly store: RefreshTokenStore;
  /** Do other tabs share this session? */
  readonly tabs: boolean;
  readonly fetch: Fetch;
}

export interface Session {
  state(): SessionState;
  /** Called at every change of person, in all tabs: who changes must load everything again. @returns ends it */
  onChange(listener: (state: SessionState) => void): () => void;
  login(email: string, password: string): Promise<Result<SignedInUser | CodeWanted>>;
  /** The second step of a sign-in. */
  loginCode(challenge: string, code: string): Promise<Result<SignedInUser>>;
  /** Goes on with the session of the cookie or the store, as a page does when it is loaded. Not signed in: an error. */
  resume(): Promise<Result<string>>;
  /** Takes the tokens of an answer that begins a new session (`POST /api/auth/totp/confirm`). */
  adopt(tokens: Tokens): Promise<void>;
  /** Signs out here and in all tabs; the server is told, as far as it can be reached. */
  logout(): Promise<Result<undefined>>;
  /** An access token that is good for a minute at least; null when nobody is signed in. */
  token(): Promise<string | null>;
  /** Another token than this one, which was refused. */
  refresh(refused: string | null): Promise<Result<string>>;
  close(): void;
}

/** A token with less left is traded before it is used. */
const SOON_MS = 60_000;

interface Held {
  readonly token: string;
  /** Milliseconds since 1970, by the clock of this machine. */
  readonly expiresAt: number;
  readonly userId: string;
}

/** The claim `sub` of a JWT: whose it is. The server trusts none of what is read here. */
function userIdOf(token: string): string {
  const [, payload = ''] = token.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (one) =>
    one.charCodeAt(0),
  );
  const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly sub?: unknown };
  return String(sub);
}

/** The answer of a refresh that ends the session; any other failure leaves it as it is, for the next try. */
const endsSession = (error: SagaError): boolean =>
  error.kind === 'refused' && (error.status === 401 || error.status === 403);

/** Keeps the refresh token for as long as the program runs. */
export function memoryStore(): RefreshTokenStore {
  let kept: string | null = null;
  return {
    load: () => Promise.resolve(kept),
    save: (refreshToken) => {
      kept = refreshToken;
      return Promise.resolve();
    },
  };
}

export function createSession(options: SessionOptions): Session {
  const { baseUrl, transport, store } = options;
  // A second use of a refresh token is answered for ten seconds only: no long waits.
  const send = withRetries(options.fetch, { tries: 3, longestPauseMs: 2_000, answerWithinMs: 15_000 });
  const listeners = new Set<(state: SessionState) => void>();
  let held: Held | null = null;
  let state: SessionState = { kind: 'signed-out', error: null };
  let flight: Promise<Result<string>> | undefined;

  function become(next: SessionState): void {
    const isSame =
      state.kind === 'signed-in' && next.kind === 'signed-in' ? state.userId === next.userId : false;
    state = next;
    if (!isSame) for (const listener of listeners) listener(next);
  }

  function hold(token: string, expiresAt: number): void {
    held = { token, expiresAt, userId: userIdOf(token) };
    become({ kind: 'signed-in', userId: held.userId });
  }

  function drop(error: SagaError | null): void {
    const wasSignedIn = held !== null;
    held = null;
    if (wasSignedIn) become({ kind: 'signed-out', error });
  }

  const tabs = options.tabs
    ? joinTabs(`saga-session ${baseUrl}`, (message: TabMessage) => {
        if (message.kind === 'token') hold(message.token, message.expiresAt);
        else drop(null);
      })
    : undefined;

  async function adopt({ token, refresh_token, expires_in }: Tokens): Promise<void> {
    if (transport === 'body' && refresh_token !== undefined) await store.save(refresh_token);
    const expiresAt = Date.now() + expires_in * 1000;
    hold(token, expiresAt);
    tabs?.tell({ kind: 'token', token, expiresAt });
  }

  async function ask<D>(path: string, body: object, token?: string): Promise<Result<D>> {
    try {
      const response = await send(
        new Request(`${baseUrl}${path}`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-saga-client': 'saga-client',
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
          },
          body: JSON.stringify(body),
          credentials: transport === 'cookie' ? 'include' : 'omit',
        }),
      );
      const text = await response.text();
      let answer: unknown;
      try {
        answer = text === '' ? {} : JSON.parse(text);
      } catch {
        answer = text; // no JSON: `errorOf` calls it unexpected
      }
      if (!response.ok || typeof answer !== 'object') return { ok: false, error: errorOf(response, answer) };
      const { data, meta } = answer as { readonly data: D; readonly meta?: unknown };
      return { ok: true, data, meta, status: response.status, etag: null };
    } catch (thrown) {
      return { ok: false, error: errorOfThrown(thrown) };
    }
  }

  async function trade(refused: string | null): Promise<Result<string>> {
    // Another tab, or another request of this one, was faster.
    if (held && held.token !== refused && held.expiresAt > Date.now() + SOON_MS)
      return { ok: true, data: held.token, meta: undefined, status: 200, etag: null };
    const kept = transport === 'body' ? await store.load() : null;
    if (transport === 'body' && kept === null) {
      const error: SagaError = {
        kind: 'refused',
        status: 401,
        code: 'UNAUTHENTICATED',
        message: 'Silakan masuk terlebih dahulu.',
        details: [],
        retryAfter: null,
        requestId: null,
      };
      return { ok: false, error };
    }
    const traded = await ask<Tokens>('/api/auth/refresh', kept === null ? {} : { refresh_token: kept });
    if (traded.ok) {
      await adopt(traded.data);
      return { ...traded, data: traded.data.token };
    }
    if (endsSession(traded.error)) {
      if (kept !== null) await store.save(null);
      drop(traded.error);
    }
    return traded;
  }

  function refresh(refused: string | null): Promise<Result<string>> {
    flight ??= (tabs ? tabs.alone(() => trade(refused)) : trade(refused)).finally(() => {
      flight = undefined;
    });
    return flight;
  }

  async function signedIn(answer: Result<Schemas['SignedIn']>): Promise<Result<SignedInUser>> {
    if (!answer.ok) return answer;
    await adopt(answer.data);
    return { ...answer, data: answer.data.user };
  }

  return {
    state: () => state,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async login(email, password) {
      const answer = await ask<Schemas['SignedIn'] | CodeWanted>('/api/auth/login', {
        email,
        password,
        transport,
      });
      if (!answer.ok) return answer;
      const { data } = answer;
      return 'challenge' in data ? { ...answer, data } : signedIn({ ...answer, data });
    },
    loginCode: async (challenge, code) =>
      signedIn(await ask<Schemas['SignedIn']>('/api/auth/login/totp', { challenge, code, transport })),
    resume: () => refresh(null),
    adopt,
    async logout() {
      const token = held?.token;
      const answer = await ask<undefined>('/api/auth/logout', {}, token);
      if (transport === 'body') await store.save(null);
      drop(null);
      tabs?.tell({ kind: 'signed-out' });
      return answer;
    },
    async token() {
      if (held === null) return null;
      if (held.expiresAt > Date.now() + SOON_MS) return held.token;
      await refresh(held.token);
      // Where the server could not be reached the old one may still be good.
      return held?.token ?? null;
    },
    refresh,
    close() {
      tabs?.close();
      listeners.clear();
    },
  };
}
