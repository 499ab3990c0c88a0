import { sql } from 'kysely';
import { statement } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import type { Schedule, WriteStore } from '../../ports.ts';

const lastRun = statement('schedule_last', (job: string) =>
  tables
    .selectFrom('ops.schedule')
    .select(['due_at as due', 'started_at as started'])
    .select(sql<boolean>`finished_at is not null`.as('finished'))
    .where('job', '=', job),
);

const beginFirst = statement('schedule_begin_first', (job: string, due: Date, now: Date) =>
  tables
    .insertInto('ops.schedule')
    .values({ job, due_at: due, started_at: now })
    .onConflict((conflict) => conflict.column('job').doNothing())
    .returning('job'),
);

const begin = statement('schedule_begin', (job: string, due: Date, now: Date, after: Date) =>
  tables
    .updateTable('ops.schedule')
    .set({ due_at: due, started_at: now, finished_at: null })
    .where('job', '=', job)
    .where('due_at', '=', after)
    .returning('job'),
);

const finish = statement('schedule_finish', (job: string, due: Date, now: Date) =>
  tables
    .updateTable('ops.schedule')
    .set({ finished_at: now })
    .where('job', '=', job)
    .where('due_at', '=', due),
);

/** Last runs in `ops.schedule`. */
export function createSchedule(write: Pick<WriteStore, 'query'>): Schedule {
  return {
    last: async (job) => {
      const [row] = await write.query(lastRun(job));
      return row ?? null;
    },
    begin: async (job, after, due, now) => {
      const taken = await write.query(
        after === null ? beginFirst(job, due, now) : begin(job, due, now, after),
      );
      return taken.length === 1;
    },
    finish: async (job, due, now) => {
      await write.query(finish(job, due, now));
    },
  };
}
