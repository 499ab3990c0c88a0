/**
 * Who is signed in. The access token lives in memory only; the refresh token is a cookie that no script can read
 * (docs/design/api.md#cookie-sessions).
 */
import type { Me } from './api.ts';
import { readLocal, writeLocal } from './local.ts';
import { createStore } from './store.ts';

export interface Session {
  /** `unknown` until the cookie was asked. */
  readonly state: 'unknown' | 'in' | 'out';
  readonly user: Me | null;
}

export const session = createStore<Session>({ state: 'unknown', user: null });

let token: string | null = null;
let running: Promise<string | null> | null = null;

export const accessToken = (): string | null => token;

interface SignedIn {
  readonly token: string;
  readonly user: Me;
}

export function signedIn({ token: fresh, user }: SignedIn): void {
  token = fresh;
  // No secret: says only that asking the cookie is worth it.
  writeLocal('has-session', '1');
  session.set({ state: 'in', user });
}

export function signedOut(): void {
  token = null;
  writeLocal('has-session', null);
  session.set({ state: 'out', user: null });
}

/** What changed about the signed-in person. */
export function updateMe(user: Me): void {
  if (session.get().state === 'in') session.set({ state: 'in', user });
}

const HEADERS = { 'content-type': 'application/json', 'x-saga-client': 'web' };

async function askForToken(): Promise<string | null> {
  const answer = await fetch('/api/auth/refresh', { method: 'POST', headers: HEADERS, body: '{}' });
  if (answer.status === 401 || answer.status === 403) return null;
  if (!answer.ok) throw new Error(`refresh: HTTP ${String(answer.status)}`);
  return ((await answer.json()) as { data: { token: string } }).data.token;
}

/** Two tabs that refresh at once ask one after the other. */
const alone = <T>(work: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? navigator.locks.request('saga.refresh', work) : work();

/**
 * A new access token; many who ask at once get the same.
 * @param stale the one that is no good any more
 * @returns null when the session is over
 */
export function refreshed(stale: string | null): Promise<string | null> {
  if (token !== null && token !== stale) return Promise.resolve(token);
  running ??= alone(askForToken)
    .then((fresh) => (token = fresh))
    .finally(() => {
      running = null;
    });
  return running;
}

/** At the start: is there a session of before? Without an answer of the server nobody is signed out. */
export async function resume(): Promise<void> {
  if (readLocal('has-session') === null) {
    signedOut();
    return;
  }
  const fresh = await refreshed(null);
  if (fresh === null) {
    signedOut();
    return;
  }
  const answer = await fetch('/api/auth/me', { headers: { authorization: `Bearer ${fresh}` } });
  if (!answer.ok) throw new Error(`me: HTTP ${String(answer.status)}`);
  const { data } = (await answer.json()) as { data: { user: Me } };
  signedIn({ token: fresh, user: data.user });
}

/** A new token that came with an answer: the old one is over. */
export function freshToken(fresh: string): void {
  token = fresh;
}
