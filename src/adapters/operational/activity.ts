/** When each person was heard of last, in `ops.activity` (docs/design/business-rules.md#presence). */
import { boundedCache } from '../../engine/bounded-cache.ts';
import { sql } from 'kysely';
import { type NoRow, statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Activity, Clock, Logger, WriteStore } from '../../ports.ts';

const note = statement(
  'activity_note',
  (
    userId: string,
    at: Date,
  ) => sql<NoRow>`insert into ops.activity as a (user_id, seen_at) values (${userId}, ${at})
on conflict (user_id) do update set seen_at = greatest(a.seen_at, excluded.seen_at)`,
);

const noteUnknown = statement(
  'activity_note_unknown',
  (userIds: readonly string[], at: Date) => sql<NoRow>`insert into ops.activity (user_id, seen_at)
select id, ${at} from unnest(${userIds}::uuid[]) as u (id) on conflict (user_id) do nothing`,
);

const silent = statement(
  'activity_silent',
  (userIds: readonly string[], since: Date) =>
    sql<
      Columns<'ops.activity', { id: 'user_id' }>
    >`select user_id as id from ops.activity where user_id = any(${userIds}::uuid[]) and seen_at < ${since}`,
);

const lastOf = statement(
  'activity_last',
  (userIds: readonly string[]) =>
    sql<
      Columns<'ops.activity', { id: 'user_id'; at: 'seen_at' }>
    >`select user_id as id, seen_at as at from ops.activity where user_id = any(${userIds}::uuid[])`,
);

const MOST_KNOWN = 50_000;

/** @param everyMs a person is noted at most once in so many milliseconds by this process */
export function createActivity(deps: {
  readonly store: Pick<WriteStore, 'query'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly everyMs: number;
}): Activity {
  const { store, clock, log, everyMs } = deps;
  const noted = boundedCache<string, number>(MOST_KNOWN);
  return {
    seen(userId) {
      const at = clock.now();
      if (at.getTime() - (noted.get(userId) ?? -Infinity) < everyMs) return;
      noted.set(userId, at.getTime());
      store.query(note(userId, at)).catch((err: unknown) => {
        // The next request notes it.
        noted.delete(userId);
        log.warn({ err, userId }, 'it could not be noted that somebody was heard of');
      });
    },
    async silentSince(userIds, since) {
      if (userIds.length === 0) return [];
      await store.query(noteUnknown(userIds, clock.now()));
      return (await store.query(silent(userIds, since))).map(({ id }) => id);
    },
    lastSeen: async (userIds) => new Map((await store.query(lastOf(userIds))).map(({ id, at }) => [id, at])),
  };
}
