/**
 * What a caller may right now: a token says who somebody is, never what they may. A changed role, division,
 * privilege or password, a deactivation and a logout hold from the next request on (contract.md 2).
 */
import type { Caller } from '../domain/policies/roles.ts';
import type { Fanout } from '../ports.ts';
import { HttpError } from './errors.ts';
import { createShortMemory } from './short-memory.ts';
import type { AccessClaims } from './tokens.ts';

/** A user as the read tables have them: `null` when there is none. */
export interface Standing extends Caller {
  readonly name: string;
  readonly email: string;
  readonly active: boolean;
}

export interface Authority {
  /** @throws HttpError UNAUTHENTICATED (unknown or deactivated), SESSION_REVOKED; StoreUnavailable */
  of(claims: Pick<AccessClaims, 'userId' | 'sessionId'>): Promise<Standing>;
  /** Call these before a change is answered: here at once, in other processes by fan-out. */
  userChanged(userId: string): void;
  roleChanged(): void;
  sessionEnded(sessionId: string): void;
  close(): void;
}

/** How late another process may learn of a change when a fan-out message got lost. */
const MAX_AGE_MS = 2000;

export function createAuthority(deps: {
  standing: (userId: string) => Promise<Standing | null>;
  isLive: (sessionId: string) => Promise<boolean>;
  fanout: Fanout;
  maxAgeMs?: number;
}): Authority {
  const { fanout, maxAgeMs = MAX_AGE_MS } = deps;
  const users = createShortMemory(deps.standing, maxAgeMs);
  const sessions = createShortMemory(deps.isLive, maxAgeMs);

  const onId = (topic: string, forget: (id: string) => void): (() => void) =>
    fanout.subscribe(topic, (message) => {
      if (typeof message === 'string') forget(message);
    });
  const unsubscribe = [
    onId('user-changed', users.forget),
    onId('session-revoked', sessions.forget),
    fanout.subscribe('role-changed', users.forgetAll),
  ];

  return {
    async of({ userId, sessionId }) {
      const [user, live] = await Promise.all([users.get(userId), sessions.get(sessionId)]);
      if (!user?.active) throw new HttpError('UNAUTHENTICATED');
      if (!live) throw new HttpError('SESSION_REVOKED');
      return user;
    },
    userChanged(userId) {
      users.forget(userId);
      fanout.publish('user-changed', userId);
    },
    roleChanged() {
      users.forgetAll();
      fanout.publish('role-changed', null);
    },
    sessionEnded(sessionId) {
      sessions.forget(sessionId);
      fanout.publish('session-revoked', sessionId);
    },
    close() {
      for (const end of unsubscribe) end();
    },
  };
}
