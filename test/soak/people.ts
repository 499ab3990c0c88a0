/** Who works during a soak. An agent who was sent away and called back signs in again: their old token stays dead. */
import { type Installation, PASSWORD } from '../e2e/installation.ts';
import { login, ok, type Session } from '../support/http/client.ts';
import type { Outcome, Record_ } from './requests.ts';
import { untilAnswered } from './requests.ts';

const AGENTS_PER_DIVISION = 3;

export interface Member {
  readonly id: string;
  readonly division: string;
  readonly mayLeave: boolean;
  /** With the token of the last sign-in. */
  session(): Session;
  /** With tokens from before they were sent away. */
  old(): readonly Session[];
  /** Once, whether it works or not: somebody else may have sent them away meanwhile. */
  signIn(url: string): Promise<void>;
}

export interface People {
  readonly agents: readonly Member[];
  readonly leads: readonly Session[];
}

async function member(
  record: Record_,
  first: Session,
  { division, mayLeave }: { readonly division: string; readonly mayLeave: boolean },
): Promise<Member> {
  const { user } = (await ok(first.get('/api/auth/me'))).data as { user: { email: string } };
  const sessions = [first];
  record.tokens.set(first.token, { userId: first.userId, since: performance.now() });
  const session = (): Session => sessions.at(-1) ?? first;
  return {
    id: first.userId,
    division,
    mayLeave,
    session,
    old: () => sessions.slice(0, -1),
    signIn: async (url) => {
      const again = await login(url, user.email, PASSWORD).catch(() => undefined);
      if (!again) return; // no answer, or sent away again: whoever calls them back next tries again
      record.tokens.set(again.token, { userId: again.userId, since: performance.now() });
      sessions.push(again);
      await again.post('/api/agent/status', { status: 'online' }).catch(() => undefined); // they come online by chance, too
    },
  };
}

export async function hire(
  installation: Installation,
  divisions: readonly string[],
  record: Record_,
): Promise<People> {
  const agents: Member[] = [];
  for (const division of divisions) {
    const sessions = await installation.agents(AGENTS_PER_DIVISION, division);
    for (const [n, session] of sessions.entries()) {
      agents.push(await member(record, session, { division, mayLeave: n === 0 }));
      await session.post('/api/agent/status', { status: 'online' });
    }
  }
  return { agents, leads: [await installation.as('tl@demo.saga'), await installation.as('sa@demo.saga')] };
}

/** Takes the right to work away, or gives it back; writes down when, for `checkRemovals`. */
export async function setActive(
  record: Record_,
  lead: () => Session,
  { id: userId, signIn }: Pick<Member, 'id' | 'signIn'>,
  active: boolean,
  going: () => boolean,
): Promise<Outcome> {
  let began = 0;
  const patch = () => {
    began = performance.now();
    return lead().patch(`/api/admin/users/${userId}`, { is_active: active });
  };
  const { outcome } = await untilAnswered(record, 'PATCH users', patch, going);
  if (outcome !== 'acknowledged') return outcome;
  if (active) await signIn(lead().url);
  else record.removals.push({ userId, began, answered: performance.now() });
  return outcome;
}
