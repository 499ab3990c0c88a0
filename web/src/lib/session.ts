/** Who is signed in, for the screens. Tokens are the client's business (client/session.ts); no screen sees one. */
import { api, dataOf, type Me, saga, thrown } from './api.ts';
import { readLocal, writeLocal } from './local.ts';
import { createStore } from './store.ts';

export interface SessionView {
  /** `unknown` until the cookie was asked. */
  readonly state: 'unknown' | 'in' | 'out';
  readonly user: Me | null;
}

export const session = createStore<SessionView>({ state: 'unknown', user: null });

export function signedIn(user: Me): void {
  // No secret: says only that asking the cookie is worth it.
  writeLocal('has-session', '1');
  session.set({ state: 'in', user });
}

export function signedOut(): void {
  writeLocal('has-session', null);
  session.set({ state: 'out', user: null });
}

/** What changed about the signed-in person. */
export function updateMe(user: Me): void {
  if (session.get().state === 'in') session.set({ state: 'in', user });
}

const me = async (): Promise<Me> => (await dataOf(api.GET('/api/auth/me'))).user;

saga.session.onChange((state) => {
  const { user } = session.get();
  if (state.kind === 'signed-out') signedOut();
  // Another person signed in in another tab: nothing of the one before may stay on the screen.
  else if (user !== null && user.id !== state.userId) location.reload();
});

/** At the start: is there a session of before? Without an answer of the server nobody is signed out. @throws ApiError */
export async function resume(): Promise<void> {
  if (readLocal('has-session') === null) {
    signedOut();
    return;
  }
  const resumed = await saga.session.resume();
  if (resumed.ok) {
    signedIn(await me());
    return;
  }
  const { error } = resumed;
  if (error.kind !== 'refused' || (error.status !== 401 && error.status !== 403)) throw thrown(error);
  signedOut();
}
