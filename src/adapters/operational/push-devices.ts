import { sql } from 'kysely';
import { statement } from '../../engine/sql/statement.ts';
import { type Columns, tables } from '../../engine/sql/tables.ts';
import type { Clock, Ids, NativeAddress, PushDevice, PushDevices, WriteStore } from '../../ports.ts';

/** More than anybody carries about; the oldest give way. */
const MOST_PER_USER = 20;
const CLAIMS_KEPT_MS = 7 * 86_400_000;

const add = statement(
  'push_device_add',
  (
    id: string,
    userId: string,
    sessionId: string,
    endpoint: string,
    p256dh: string | null,
    auth: string | null,
    platform: NativeAddress['platform'] | null,
    appVersion: string | null,
    createdAt: Date,
  ) =>
    tables
      .insertInto('ops.push_subscriptions')
      .values({
        ...{ id, user_id: userId, session_id: sessionId, endpoint, p256dh, auth, platform },
        ...{ app_version: appVersion, created_at: createdAt },
      })
      .onConflict((conflict) =>
        conflict.column('endpoint').doUpdateSet(({ ref }) => ({
          user_id: ref('excluded.user_id'),
          session_id: ref('excluded.session_id'),
          p256dh: ref('excluded.p256dh'),
          auth: ref('excluded.auth'),
          platform: ref('excluded.platform'),
          app_version: ref('excluded.app_version'),
          created_at: ref('excluded.created_at'),
        })),
      )
      .returning('id'),
);

const trim = statement('push_device_trim', (userId: string) =>
  tables
    .deleteFrom('ops.push_subscriptions')
    .where(({ eb, selectFrom }) =>
      eb(
        'id',
        'in',
        selectFrom('ops.push_subscriptions')
          .select('id')
          .where('user_id', '=', userId)
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .offset(MOST_PER_USER),
      ),
    ),
);

const removeOwn = statement('push_device_remove', (userId: string, id: string) =>
  tables.deleteFrom('ops.push_subscriptions').where('user_id', '=', userId).where('id', '=', id),
);

const reachable = statement(
  'push_device_reachable',
  (userIds: readonly string[], now: Date) => sql<
    Columns<
      'ops.push_subscriptions',
      {
        id: 'id';
        userId: 'user_id';
        endpoint: 'endpoint';
        p256dh: 'p256dh';
        auth: 'auth';
        platform: 'platform';
        appVersion: 'app_version';
      }
    >
  >`select p.id, p.user_id as "userId", p.endpoint, p.p256dh, p.auth, p.platform,
  p.app_version as "appVersion" from ops.push_subscriptions p
join read.users u on u.id = p.user_id and u.is_active
join ops.sessions s on s.id = p.session_id and s.user_id = p.user_id and s.ended_at is null and s.expires_at > ${now}
where p.user_id = any(${userIds}::uuid[])`,
);

const claim = statement(
  'push_claim',
  (notificationId: string, deviceIds: readonly string[], now: Date) => sql<
    Columns<'ops.push_claims', { id: 'subscription_id' }>
  >`insert into ops.push_claims (notification_id, subscription_id, claimed_at)
select ${notificationId}, id, ${now} from ops.push_subscriptions where id = any(${deviceIds}::uuid[])
on conflict do nothing returning subscription_id as id`,
);

const forget = statement('push_device_forget', (id: string) =>
  tables.deleteFrom('ops.push_subscriptions').where('id', '=', id),
);

const purgeClaims = statement('push_claims_purge', (before: Date) =>
  tables
    .deleteFrom('ops.push_claims')
    .where('claimed_at', '<', before)
    .returning(sql<number>`1`.as('gone')),
);

/** Devices in `ops.push_subscriptions`, claims in `ops.push_claims`. */
export function createPushDevices(write: WriteStore, clock: Clock, ids: Ids): PushDevices {
  return {
    add: (userId, sessionId, address) =>
      write.transaction(async (sql) => {
        const [row] = await sql.query(
          'token' in address
            ? add(
                ids.next(),
                userId,
                sessionId,
                address.token,
                null,
                null,
                address.platform,
                address.appVersion,
                clock.now(),
              )
            : add(
                ...([
                  ids.next(),
                  userId,
                  sessionId,
                  address.endpoint,
                  address.keys.p256dh,
                  address.keys.auth,
                ] as const),
                ...([null, null, clock.now()] as const),
              ),
        );
        await sql.query(trim(userId));
        return row?.id ?? '';
      }),

    async remove(userId, id) {
      await write.query(removeOwn(userId, id));
    },

    async reachable(userIds) {
      const rows = await write.query(reachable(userIds, clock.now()));
      return rows.map(({ id, userId, endpoint, p256dh, auth, platform, appVersion }): PushDevice =>
        platform === null
          ? { id, userId, endpoint, keys: { p256dh: p256dh ?? '', auth: auth ?? '' } }
          : { id, userId, token: endpoint, platform, appVersion },
      );
    },

    async claim(notificationId, deviceIds) {
      const rows = await write.query(claim(notificationId, deviceIds, clock.now()));
      return new Set(rows.map(({ id }) => id));
    },

    async forget(id) {
      await write.query(forget(id));
    },

    async purge() {
      const gone = await write.query(purgeClaims(new Date(clock.now().getTime() - CLAIMS_KEPT_MS)));
      return gone.length;
    },
  };
}
