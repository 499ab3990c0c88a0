import type { Clock, Ids, PushDevice, PushDevices, WriteStore } from '../../ports.ts';

/** More than anybody carries about; the oldest give way. */
const MOST_PER_USER = 20;
const CLAIMS_KEPT_MS = 7 * 86_400_000;

/** Devices in `ops.push_subscriptions`, claims in `ops.push_claims`. */
export function createPushDevices(write: WriteStore, clock: Clock, ids: Ids): PushDevices {
  return {
    add: (userId, sessionId, { endpoint, keys }) =>
      write.transaction(async (sql) => {
        const [row] = await sql.query<{ id: string }>({
          name: 'push_device_add',
          text: `insert into ops.push_subscriptions (id, user_id, session_id, endpoint, p256dh, auth, created_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (endpoint) do update set user_id = excluded.user_id, session_id = excluded.session_id,
  p256dh = excluded.p256dh, auth = excluded.auth, created_at = excluded.created_at
returning id`,
          values: [ids.next(), userId, sessionId, endpoint, keys.p256dh, keys.auth, clock.now()],
        });
        await sql.query({
          name: 'push_device_trim',
          text: `delete from ops.push_subscriptions where id in (
  select id from ops.push_subscriptions where user_id = $1 order by created_at desc, id desc offset $2)`,
          values: [userId, MOST_PER_USER],
        });
        return row?.id ?? '';
      }),

    async remove(userId, id) {
      await write.query({
        name: 'push_device_remove',
        text: 'delete from ops.push_subscriptions where user_id = $1 and id = $2',
        values: [userId, id],
      });
    },

    async reachable(userIds) {
      const rows = await write.query<Omit<PushDevice, 'keys'> & PushDevice['keys']>({
        name: 'push_device_reachable',
        text: `select p.id, p.user_id as "userId", p.endpoint, p.p256dh, p.auth from ops.push_subscriptions p
join read.users u on u.id = p.user_id and u.is_active
join ops.sessions s on s.id = p.session_id and s.user_id = p.user_id and s.ended_at is null and s.expires_at > $2
where p.user_id = any($1::uuid[])`,
        values: [userIds, clock.now()],
      });
      return rows.map(({ id, userId, endpoint, p256dh, auth }) => ({
        id,
        userId,
        endpoint,
        keys: { p256dh, auth },
      }));
    },

    async claim(notificationId, deviceIds) {
      const rows = await write.query<{ id: string }>({
        name: 'push_claim',
        text: `insert into ops.push_claims (notification_id, subscription_id, claimed_at)
select $1, id, $3 from ops.push_subscriptions where id = any($2::uuid[])
on conflict do nothing returning subscription_id as id`,
        values: [notificationId, deviceIds, clock.now()],
      });
      return new Set(rows.map(({ id }) => id));
    },

    async forget(id) {
      await write.query({
        name: 'push_device_forget',
        text: 'delete from ops.push_subscriptions where id = $1',
        values: [id],
      });
    },

    async purge() {
      const gone = await write.query({
        name: 'push_claims_purge',
        text: 'delete from ops.push_claims where claimed_at < $1 returning 1 as gone',
        values: [new Date(clock.now().getTime() - CLAIMS_KEPT_MS)],
      });
      return gone.length;
    },
  };
}
