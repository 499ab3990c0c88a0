import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { statement } from '../../engine/sql/statement.ts';
import { type Row, tables } from '../../engine/sql/tables.ts';
import type { Clock, Ids, Sessions, Sql, WriteStore } from '../../ports.ts';

type EndedBecause = NonNullable<Row<'ops.sessions'>['ended_because']>;

/** A session ends for good this long after its login, however often it was refreshed (ASVS 10.4.8). */
const SESSION_DAYS = 30;
const DAY_MS = 86_400_000;

const sha256 = (token: string): Buffer => createHash('sha256').update(token).digest();
const newToken = (): string => randomBytes(32).toString('base64url');

const start = statement(
  'session_start',
  (id: string, userId: string, generation: number, startedAt: Date, expiresAt: Date) =>
    tables
      .insertInto('ops.sessions')
      .values({ id, user_id: userId, generation, started_at: startedAt, expires_at: expiresAt }),
);

const issueToken = statement('refresh_token_issue', (hash: Buffer, sessionId: string, now: Date) =>
  tables.insertInto('ops.refresh_tokens').values({ token_hash: hash, session_id: sessionId, issued_at: now }),
);

const findToken = statement('refresh_token_find', (hash: Buffer, now: Date) =>
  tables
    .selectFrom('ops.refresh_tokens as t')
    .innerJoin('ops.sessions as s', 's.id', 't.session_id')
    .select(['t.session_id', 's.user_id', 't.used_at'])
    .select(sql<boolean>`s.ended_at is null and s.expires_at > ${now}`.as('live'))
    .where('t.token_hash', '=', hash)
    .forUpdate(),
);

const spendToken = statement('refresh_token_use', (hash: Buffer, now: Date) =>
  tables.updateTable('ops.refresh_tokens').set({ used_at: now }).where('token_hash', '=', hash),
);

const liveSession = statement('session_find_live', (id: string, now: Date) =>
  tables
    .selectFrom('ops.sessions')
    .select([
      'generation',
      sql<number>`(select coalesce(sum(changes), 0)::int from ops.role_changes)`.as('roleChanges'),
    ])
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now),
);

const endOne = statement('session_end', (id: string, now: Date, because: EndedBecause) =>
  tables
    .updateTable('ops.sessions')
    .set({ ended_at: now, ended_because: because })
    .where('id', '=', id)
    .where('ended_at', 'is', null),
);

const endOlder = statement(
  'session_end_older',
  (userId: string, generation: number, now: Date, because: EndedBecause) =>
    tables
      .updateTable('ops.sessions')
      .set({ ended_at: now, ended_because: because })
      .where('user_id', '=', userId)
      .where('ended_at', 'is', null)
      .where('generation', '<', generation),
);

const countRoleChange = statement('session_role_changed', (role: string) =>
  tables
    .insertInto('ops.role_changes')
    .values({ role, changes: 1 })
    .onConflict((conflict) =>
      conflict.column('role').doUpdateSet({ changes: sql<number>`ops.role_changes.changes + 1` }),
    ),
);

const purgeExpired = statement('session_purge', (now: Date) =>
  tables
    .deleteFrom('ops.sessions')
    .where('expires_at', '<=', now)
    .returning(sql<number>`1`.as('gone')),
);

/** Sessions in `ops.sessions`, refresh tokens as SHA-256 in `ops.refresh_tokens`. */
export function createSessions(store: WriteStore, clock: Clock, ids: Ids): Sessions {
  const issue = async (sql: Sql, sessionId: string, now: Date): Promise<string> => {
    const token = newToken();
    await sql.query(issueToken(sha256(token), sessionId, now));
    return token;
  };
  const endIn = (sql: Pick<Sql, 'query'>, sessionId: string, because: EndedBecause): Promise<unknown> =>
    sql.query(endOne(sessionId, clock.now(), because));

  return {
    start: (userId, generation) =>
      store.transaction(async (sql) => {
        const now = clock.now();
        const sessionId = ids.next();
        await sql.query(
          start(sessionId, userId, generation, now, new Date(now.getTime() + SESSION_DAYS * DAY_MS)),
        );
        return { sessionId, refreshToken: await issue(sql, sessionId, now) };
      }),

    rotate: (refreshToken) =>
      store.transaction(async (sql) => {
        const now = clock.now();
        const hash = sha256(refreshToken);
        // The row lock decides between two uses at once: the second one sees `used_at` and ends the session.
        const [found] = await sql.query(findToken(hash, now));
        if (!found) return { outcome: 'unknown' };
        const sessionId = found.session_id;
        if (found.used_at !== null) await endIn(sql, sessionId, 'reuse');
        if (found.used_at !== null || !found.live) return { outcome: 'ended', sessionId };
        await sql.query(spendToken(hash, now));
        const successor = await issue(sql, sessionId, now);
        return { outcome: 'rotated', sessionId, userId: found.user_id, refreshToken: successor };
      }),

    async find(sessionId) {
      const [found] = await store.query(liveSession(sessionId, clock.now()));
      return found ?? null;
    },

    async roleChanged(role) {
      await store.query(countRoleChange(role));
    },

    async end(sessionId, because) {
      await endIn(store, sessionId, because);
    },

    async endOlderThan(userId, generation, because) {
      await store.query(endOlder(userId, generation, clock.now(), because));
    },

    async purge() {
      const gone = await store.query(purgeExpired(clock.now()));
      return gone.length;
    },
  };
}
