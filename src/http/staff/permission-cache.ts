/**
 * What a caller may right now: a token says who somebody is, never what they may. A changed role, division,
 * privilege or password, a deactivation and a logout hold from the next request on
 * (docs/design/api.md#changes-hold-at-once).
 */
import type { PubSub } from '../../ports.ts';
import type { ProcessMembership } from '../../engine/cluster/process-membership.ts';
import type { StaffMember } from '../../projections/staff/users.ts';
import { HttpError } from '../framework/errors.ts';
import { createTtlCache } from './ttl-cache.ts';
import type { AccessClaims } from './tokens.ts';

export interface PermissionCache {
  /** @throws HttpError UNAUTHENTICATED (unknown or deactivated), SESSION_REVOKED; StoreUnavailable */
  of(claims: Pick<AccessClaims, 'userId' | 'sessionId'>): Promise<StaffMember>;
  /** Await these before a change is answered: then it holds in every process. */
  userChanged(userId: string): Promise<void>;
  roleChanged(): Promise<void>;
  sessionEnded(sessionId: string): Promise<void>;
}

/** How late another process may learn of a change when it cannot be reached; who changes something waits as long. */
const MAX_AGE_MS = 2000;

/** Who somebody is and whether their session lives, from memory; changes of other processes arrive by message. */
export function createPermissionCache(deps: {
  member: (userId: string) => Promise<StaffMember | null>;
  isLive: (sessionId: string) => Promise<boolean>;
  pubSub: Pick<PubSub, 'subscribe'>;
  processes: Pick<ProcessMembership, 'tell'>;
  maxAgeMs?: number;
  /** Called at each look-up of a person with whether the cache knew them. */
  asked?: (hit: boolean) => void;
}): PermissionCache {
  const { pubSub, processes, maxAgeMs = MAX_AGE_MS } = deps;
  const users = createTtlCache(deps.member, maxAgeMs, deps.asked);
  const sessions = createTtlCache(deps.isLive, maxAgeMs);

  const onId = (topic: string, forget: (id: string) => void): void => {
    pubSub.subscribe(topic, (message) => {
      if (typeof message === 'string') forget(message);
    });
  };
  onId('user-changed', users.forget);
  onId('session-revoked', sessions.forget);
  pubSub.subscribe('role-changed', users.forgetAll);

  return {
    async of({ userId, sessionId }) {
      const [user, live] = await Promise.all([users.get(userId), sessions.get(sessionId)]);
      if (!user?.active) throw new HttpError('UNAUTHENTICATED');
      if (!live) throw new HttpError('SESSION_REVOKED');
      return user;
    },
    userChanged: (userId) => processes.tell('user-changed', userId, maxAgeMs),
    roleChanged: () => processes.tell('role-changed', null, maxAgeMs),
    sessionEnded: (sessionId) => processes.tell('session-revoked', sessionId, maxAgeMs),
  };
}
