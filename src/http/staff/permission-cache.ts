/**
 * What a caller may do now: a token says who somebody is, never what they may do. It is judged from the event store and the
 * session, never from a read table. A changed role, division, privilege or password, a deactivation and a logout hold from
 * the next request on, in every process (docs/design/api.md#changes-hold-at-once).
 */
import { boundedCache } from '../../engine/bounded-cache.ts';
import type { Account } from '../../domain/staff/member.ts';
import type { ProcessMembership } from '../../engine/cluster/process-membership.ts';
import { type LiveSession, type PubSub, StoreUnavailable } from '../../ports.ts';
import { HttpError } from '../framework/errors.ts';
import type { AccessClaims } from './tokens.ts';
import { createTtlCache } from './ttl-cache.ts';

export interface PermissionCache {
  /** @throws HttpError UNAUTHENTICATED (unknown or deactivated), SESSION_REVOKED; StoreUnavailable */
  of(claims: Pick<AccessClaims, 'userId' | 'sessionId'>): Promise<Account>;
  /** The same, past every cache: for a stream, which asks rarely. */
  now(claims: Pick<AccessClaims, 'userId' | 'sessionId'>): Promise<Account>;
  /** Await these before a change is answered: then it holds in every process. */
  userChanged(userId: string): Promise<void>;
  /** As `userChanged`; also ends the streams of this person. */
  sessionsEnded(userId: string): Promise<void>;
  roleChanged(role: string): Promise<void>;
  sessionEnded(sessionId: string): Promise<void>;
}

/** How late another process may learn of a change when it cannot be reached; who changes something waits as long. */
const MAX_AGE_MS = 2000;
const ACCOUNTS_REMEMBERED = 50_000;

/** An account as it was read, and a count of role changes that it is no older than. */
interface Read {
  readonly account: Account | null;
  readonly roleChanges: number;
}

/** Who somebody is and whether their session lives, from memory; changes of other processes arrive by message. */
export function createPermissionCache(deps: {
  /** From the event store. @throws StoreUnavailable */
  account: (userId: string) => Promise<Account | null>;
  session: (sessionId: string) => Promise<LiveSession | null>;
  pubSub: Pick<PubSub, 'subscribe'>;
  processes: Pick<ProcessMembership, 'tell' | 'missing'>;
  maxAgeMs?: number;
  /** Called at each look-up of a person: was the answer in memory? */
  asked?: (hit: boolean) => void;
}): PermissionCache {
  const { pubSub, processes, maxAgeMs = MAX_AGE_MS } = deps;
  /** The newest count of role changes that any session told. */
  let roleChanges = 0;
  const lastRead = boundedCache<string, Read>(ACCOUNTS_REMEMBERED);
  const accounts = createTtlCache(readAccount, maxAgeMs, deps.asked);
  const sessions = createTtlCache(readSession, maxAgeMs);

  async function readSession(sessionId: string): Promise<LiveSession | null> {
    const session = await deps.session(sessionId);
    roleChanges = Math.max(roleChanges, session?.roleChanges ?? 0);
    return session;
  }

  async function readAccount(userId: string): Promise<Read> {
    // Noted before the account is read: it may turn out newer than this, never older.
    const known = roleChanges;
    const read = { account: await deps.account(userId), roleChanges: known };
    lastRead.set(userId, read);
    return read;
  }

  pubSub.subscribe('user-changed', (userId) => {
    if (typeof userId !== 'string') return;
    accounts.forget(userId);
    lastRead.delete(userId);
  });
  pubSub.subscribe('session-revoked', (sessionId) => {
    if (typeof sessionId === 'string') sessions.forget(sessionId);
  });
  pubSub.subscribe('role-changed', () => {
    accounts.forgetAll();
    sessions.forgetAll();
    lastRead.clear();
  });

  /**
   * While the event store is away nobody's rights change: what was read last goes on to hold, provided that no role was
   * changed since. Whoever takes rights away ends the session, or counts a role change, in the database before the answer.
   */
  async function accountFor(userId: string, changesNow: number): Promise<Account | null> {
    try {
      const read = await accounts.get(userId);
      if (read.roleChanges >= changesNow) return read.account;
      accounts.forget(userId);
      return (await accounts.get(userId)).account;
    } catch (error) {
      const last = lastRead.get(userId);
      if (!(error instanceof StoreUnavailable) || !last || last.roleChanges < changesNow) throw error;
      return last.account;
    }
  }

  type Claims = Pick<AccessClaims, 'userId' | 'sessionId'>;

  async function judge({ userId }: Claims, session: LiveSession | null): Promise<Account> {
    const account = await accountFor(userId, session?.roleChanges ?? 0);
    if (!account?.active) throw new HttpError('UNAUTHENTICATED');
    if (account.sessionGeneration !== session?.generation) throw new HttpError('SESSION_REVOKED');
    return account;
  }

  /** A process that fell silent cannot be told: what it remembers runs out before the change is answered. */
  async function tell(topic: string, message: unknown): Promise<void> {
    const waits = processes.missing();
    await Promise.all([
      processes.tell(topic, message, maxAgeMs),
      waits && new Promise((resolve) => setTimeout(resolve, maxAgeMs)),
    ]);
  }

  return {
    of: async (claims) => judge(claims, await sessions.get(claims.sessionId)),
    async now(claims) {
      const session = await readSession(claims.sessionId);
      accounts.forget(claims.userId);
      return judge(claims, session);
    },
    userChanged: (userId) => tell('user-changed', userId),
    async sessionsEnded(userId) {
      // Sent in this order and waited for together: a silent process costs the wait once.
      await Promise.all([tell('user-changed', userId), tell('sessions-ended', userId)]);
    },
    roleChanged: (role) => tell('role-changed', role),
    sessionEnded: (sessionId) => tell('session-revoked', sessionId),
  };
}
