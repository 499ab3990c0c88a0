import { createHash, randomBytes } from 'node:crypto';
import type { Clock, Ids, LiveSession, Sessions, Sql, WriteStore } from '../../ports.ts';

/** A session ends for good this long after its login, however often it was refreshed (ASVS 10.4.8). */
const SESSION_DAYS = 30;
const DAY_MS = 86_400_000;

const sha256 = (token: string): Buffer => createHash('sha256').update(token).digest();
const newToken = (): string => randomBytes(32).toString('base64url');

/** Sessions in `ops.sessions`, refresh tokens as SHA-256 in `ops.refresh_tokens`. */
export function createSessions(store: WriteStore, clock: Clock, ids: Ids): Sessions {
  const issue = async (sql: Sql, sessionId: string, now: Date): Promise<string> => {
    const token = newToken();
    await sql.query({
      name: 'refresh_token_issue',
      text: 'insert into ops.refresh_tokens (token_hash, session_id, issued_at) values ($1, $2, $3)',
      values: [sha256(token), sessionId, now],
    });
    return token;
  };
  const endIn = (sql: Pick<Sql, 'query'>, sessionId: string, because: string): Promise<unknown> =>
    sql.query({
      name: 'session_end',
      text: `update ops.sessions set ended_at = $2, ended_because = $3 where id = $1 and ended_at is null`,
      values: [sessionId, clock.now(), because],
    });

  return {
    start: (userId, generation) =>
      store.transaction(async (sql) => {
        const now = clock.now();
        const sessionId = ids.next();
        await sql.query({
          name: 'session_start',
          text: 'insert into ops.sessions (id, user_id, started_at, expires_at, generation) values ($1, $2, $3, $4, $5)',
          values: [sessionId, userId, now, new Date(now.getTime() + SESSION_DAYS * DAY_MS), generation],
        });
        return { sessionId, refreshToken: await issue(sql, sessionId, now) };
      }),

    rotate: (refreshToken) =>
      store.transaction(async (sql) => {
        const now = clock.now();
        const hash = sha256(refreshToken);
        // The row lock decides between two uses at once: the second one sees `used_at` and ends the session.
        const [found] = await sql.query<{
          session_id: string;
          user_id: string;
          used_at: Date | null;
          live: boolean;
        }>({
          name: 'refresh_token_find',
          text: `select t.session_id, s.user_id, t.used_at, s.ended_at is null and s.expires_at > $2 as live
                 from ops.refresh_tokens t join ops.sessions s on s.id = t.session_id
                 where t.token_hash = $1 for update`,
          values: [hash, now],
        });
        if (!found) return { outcome: 'unknown' };
        const sessionId = found.session_id;
        if (found.used_at !== null) await endIn(sql, sessionId, 'reuse');
        if (found.used_at !== null || !found.live) return { outcome: 'ended', sessionId };
        await sql.query({
          name: 'refresh_token_use',
          text: 'update ops.refresh_tokens set used_at = $2 where token_hash = $1',
          values: [hash, now],
        });
        const successor = await issue(sql, sessionId, now);
        return { outcome: 'rotated', sessionId, userId: found.user_id, refreshToken: successor };
      }),

    async find(sessionId) {
      const [found] = await store.query<LiveSession>({
        name: 'session_find_live',
        text: `select generation, (select coalesce(sum(changes), 0)::int from ops.role_changes) as "roleChanges"
               from ops.sessions where id = $1 and ended_at is null and expires_at > $2`,
        values: [sessionId, clock.now()],
      });
      return found ?? null;
    },

    async roleChanged(role) {
      await store.query({
        name: 'session_role_changed',
        text: `insert into ops.role_changes as r (role, changes) values ($1, 1)
               on conflict (role) do update set changes = r.changes + 1`,
        values: [role],
      });
    },

    async end(sessionId, because) {
      await endIn(store, sessionId, because);
    },

    async endOlderThan(userId, generation, because) {
      await store.query({
        name: 'session_end_older',
        text: `update ops.sessions set ended_at = $2, ended_because = $3
               where user_id = $1 and ended_at is null and generation < $4`,
        values: [userId, clock.now(), because, generation],
      });
    },

    async purge() {
      const gone = await store.query({
        name: 'session_purge',
        text: 'delete from ops.sessions where expires_at <= $1 returning 1 as gone',
        values: [clock.now()],
      });
      return gone.length;
    },
  };
}
