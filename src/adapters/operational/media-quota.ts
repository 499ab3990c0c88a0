import { sql } from 'kysely';
import { type NoRow, statement } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import type { MediaQuota, WriteStore } from '../../ports.ts';

/** A day is over everywhere when two more have begun. */
const KEPT_DAYS = 3;

// The row that is there is changed only while there is room, so two processes never take the same place.
const takeOne = statement(
  'media_quota_take',
  (customerId: string, day: string, mostFiles: number, mostBytes: number) =>
    sql<{ taken: number }>`insert into ops.media_quota as q (customer_id, day, files)
values (${customerId}, ${day}::date, 1)
on conflict (customer_id, day) do update set files = q.files + 1
where q.files < ${mostFiles} and q.bytes < ${mostBytes}
returning 1 as taken`,
);

const addBytes = statement(
  'media_quota_add',
  (customerId: string, day: string, bytes: number) =>
    sql<NoRow>`update ops.media_quota set bytes = bytes + ${bytes} where customer_id = ${customerId} and day = ${day}::date`,
);

const deleteOld = statement('media_quota_purge', () =>
  tables
    .deleteFrom('ops.media_quota')
    .where('day', '<', sql<string>`current_date - ${KEPT_DAYS}::int`)
    .returning(sql<number>`1`.as('gone')),
);

/**
 * Counts in `ops.media_quota`.
 * @param limits files and bytes of one customer and day
 */
export function createMediaQuota(
  store: Pick<WriteStore, 'query'>,
  limits: { readonly files: number; readonly bytes: number },
): MediaQuota & { purge(): Promise<number> } {
  return {
    async take(customerId, day) {
      return (await store.query(takeOne(customerId, day, limits.files, limits.bytes))).length > 0;
    },
    async add(customerId, day, bytes) {
      await store.query(addBytes(customerId, day, bytes));
    },
    async purge() {
      return (await store.query(deleteOld())).length;
    },
  };
}
