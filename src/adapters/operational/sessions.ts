import { createHmac, hkdfSync } from 'node:crypto';
import { sql } from 'kysely';
import { hashOfToken, newOpaqueToken } from './opaque-token.ts';
import { statement } from '../../engine/sql/statement.ts';
import { type Row, tables } from '../../engine/sql/tables.ts';
import type { Clock, Device, Ids, Sessions, Sql, WriteStore } from '../../ports.ts';

type EndedBecause = NonNullable<Row<'ops.sessions'>['ended_because']>;

/** A session ends for good this long after its login, however often it was refreshed (ASVS 10.4.8). */
const SESSION_DAYS = 30;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MOST_SHOWN = 200;

const start = statement(
  'session_start',
  (
    id: string,
    userId: string,
    generation: number,
    startedAt: Date,
    expiresAt: Date,
    address: string | null,
    addressGroup: string | null,
    userAgent: string | null,
  ) =>
    tables.insertInto('ops.sessions').values({
      id,
      user_id: userId,
      generation,
      started_at: startedAt,
      expires_at: expiresAt,
      address,
      address_group: addressGroup,
      user_agent: userAgent,
    }),
);

const issueToken = statement('refresh_token_issue', (hash: Buffer, sessionId: string, now: Date) =>
  tables.insertInto('ops.refresh_tokens').values({ token_hash: hash, session_id: sessionId, issued_at: now }),
);

/** @param idleSince a session that got its last tokens before that is over */
const findToken = statement('refresh_token_find', (hash: Buffer, now: Date, idleSince: Date) =>
  tables
    .selectFrom('ops.refresh_tokens as t')
    .innerJoin('ops.sessions as s', 's.id', 't.session_id')
    .select(['t.session_id', 's.user_id', 't.used_at'])
    .select(
      // A token that was just used was not idle: its successor has its time.
      sql<boolean>`s.ended_at is null and s.expires_at > ${now}
        and coalesce(t.used_at, t.issued_at) > ${idleSince}`.as('live'),
    )
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

const sessionsOfUser = statement('sessions_of_user', (userId: string, generation: number, now: Date) =>
  tables
    .selectFrom('ops.sessions as s')
    .select([
      's.id',
      's.started_at as startedAt',
      's.expires_at as expiresAt',
      's.address',
      's.user_agent as userAgent',
      sql<Date>`coalesce((select max(t.issued_at) from ops.refresh_tokens t where t.session_id = s.id),
        s.started_at)`.as('lastUsedAt'),
    ])
    .where('s.user_id', '=', userId)
    .where('s.generation', '>=', generation)
    .where('s.ended_at', 'is', null)
    .where('s.expires_at', '>', now)
    .orderBy('s.started_at', 'desc')
    .limit(MOST_SHOWN),
);

const knownAddress = statement('session_known_address', (userId: string, group: string, now: Date) =>
  tables
    .selectFrom('ops.sessions')
    .select('id')
    .where('user_id', '=', userId)
    .where('address_group', '=', group)
    .where('expires_at', '>', now)
    // Where a stolen token was used is nobody's known address.
    .where((is) => is.or([is('ended_because', 'is', null), is('ended_because', '!=', 'reuse')]))
    .limit(1),
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

const takeOn = statement('session_go_on', (id: string, generation: number) =>
  tables
    .updateTable('ops.sessions')
    .set({ generation })
    .where('id', '=', id)
    .where('generation', '=', sql<number>`${generation}::int - 1`),
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

const NOWHERE: Device = {
  address: null,
  addressGroup: null,
  userAgent: null,
};

export interface RefreshRule {
  /** A key is derived from it: the successor of a token is its HMAC, so it can be answered again and is stored nowhere. */
  readonly secret: Uint8Array;
  /** For so long a token that was just exchanged answers the same successor. */
  readonly graceSeconds: number;
  /**
   * A session that got no tokens for so long is over (ASVS 7.3.1). More than an access token lives: so asking at a refresh is
   * enough, and no request has to write when it was.
   */
  readonly idleHours: number;
}

/** Sessions in `ops.sessions`, refresh tokens as SHA-256 in `ops.refresh_tokens` (docs/design/reliability.md#refresh-tokens). */
export function createSessions(store: WriteStore, clock: Clock, ids: Ids, rule: RefreshRule): Sessions {
  const key = new Uint8Array(hkdfSync('sha256', rule.secret, new Uint8Array(0), 'saga refresh tokens', 32));
  const successorOf = (token: string): string => createHmac('sha256', key).update(token).digest('base64url');
  const issue = async (sql: Sql, sessionId: string, now: Date, token = newOpaqueToken()): Promise<string> => {
    await sql.query(issueToken(hashOfToken(token), sessionId, now));
    return token;
  };
  const endIn = (sql: Pick<Sql, 'query'>, sessionId: string, because: EndedBecause): Promise<unknown> =>
    sql.query(endOne(sessionId, clock.now(), because));

  const idleMs = rule.idleHours * HOUR_MS;
  const idleSince = (now: Date): Date => new Date(now.getTime() - idleMs);

  return {
    start: (userId, generation, device = NOWHERE) =>
      store.transaction(async (sql) => {
        const now = clock.now();
        const sessionId = ids.next();
        await sql.query(
          start(
            sessionId,
            userId,
            generation,
            now,
            new Date(now.getTime() + SESSION_DAYS * DAY_MS),
            device.address,
            device.addressGroup,
            device.userAgent,
          ),
        );
        return { sessionId, refreshToken: await issue(sql, sessionId, now) };
      }),

    rotate: (refreshToken) =>
      store.transaction(async (sql) => {
        const now = clock.now();
        const hash = hashOfToken(refreshToken);
        // The row lock decides between two uses at once: the second one sees `used_at`.
        const [found] = await sql.query(findToken(hash, now, idleSince(now)));
        if (!found) return { outcome: 'unknown' };
        const sessionId = found.session_id;
        const successor = successorOf(refreshToken);
        const rotated = {
          outcome: 'rotated',
          sessionId,
          userId: found.user_id,
          refreshToken: successor,
        } as const;
        if (found.used_at !== null) {
          // The secret may have changed since: then nobody has this successor.
          const again =
            now.getTime() - found.used_at.getTime() < rule.graceSeconds * 1000 &&
            (await sql.query(findToken(hashOfToken(successor), now, idleSince(now)))).length > 0;
          if (again && found.live) return rotated;
          if (!again) await endIn(sql, sessionId, 'reuse');
          return { outcome: 'ended', sessionId, userId: found.user_id, reused: !again };
        }
        if (!found.live) return { outcome: 'ended', sessionId, userId: found.user_id, reused: false };
        await sql.query(spendToken(hash, now));
        await issue(sql, sessionId, now, successor);
        return rotated;
      }),

    async ofUser(userId, generation) {
      const now = clock.now();
      return (await store.query(sessionsOfUser(userId, generation, now)))
        .map((one) => ({
          ...one,
          expiresAt: new Date(Math.min(one.expiresAt.getTime(), one.lastUsedAt.getTime() + idleMs)),
        }))
        .filter(({ expiresAt }) => expiresAt > now);
    },

    async knows(userId, addressGroup) {
      return (await store.query(knownAddress(userId, addressGroup, clock.now()))).length > 0;
    },

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

    async goOn(sessionId, generation) {
      await store.query(takeOn(sessionId, generation));
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
