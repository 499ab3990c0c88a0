import { sql } from 'kysely';
import { statement, write } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import type { AccessJournal, WriteStore } from '../../ports.ts';

/** Handed out at once: stored together, in one or two commits. */
const AT_ONCE = 64;

const oldest = statement('access_journal_oldest', (most: number) =>
  tables
    .selectFrom('ops.access_journal')
    .select(['id', 'key', 'event', 'context'])
    .orderBy('noted_at')
    .limit(most)
    .forUpdate()
    .skipLocked(),
);
const countAll = statement('access_journal_count', () =>
  tables.selectFrom('ops.access_journal').select(sql<number>`count(*)::int`.as('entries')),
);
const forget = (ids: readonly string[]) =>
  write('access_journal_forget', 'delete from ops.access_journal where id = any($1::uuid[])', [ids]);

/** In `ops.access_journal`: it is there after a crash of the program, of the machine, and for every process. */
export function createAccessJournal(store: WriteStore): AccessJournal {
  return {
    async put({ id, key, event, context }) {
      await store.query(
        write(
          'access_journal_put',
          'insert into ops.access_journal (id, key, event, context) values ($1, $2, $3, $4) on conflict (id) do nothing',
          [id, key, JSON.stringify(event), JSON.stringify(context)],
        ),
      );
    },
    async remove(id) {
      await store.query(forget([id]));
    },
    drain: (keep) =>
      store.transaction(async (on) => {
        const entries = await on.query(oldest(AT_ONCE));
        const settled = await Promise.allSettled(entries.map((entry) => keep(entry)));
        const stored = entries
          .filter((_entry, at) => settled[at]?.status === 'fulfilled')
          .map(({ id }) => id);
        if (stored.length > 0) await on.query(forget(stored));
        const failed = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
        return { taken: entries.length, failed };
      }),
    async count() {
      const [row] = await store.query(countAll());
      return row?.entries ?? 0;
    },
  };
}
