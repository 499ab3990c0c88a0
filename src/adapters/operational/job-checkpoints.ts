import { sql } from 'kysely';
import { statement } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import { JobCheckpointTaken, type JobCheckpoints, type WriteStore } from '../../ports.ts';

const checkpointOf = statement('job_checkpoint_read', (job: string) =>
  tables
    .selectFrom('ops.job_checkpoints')
    .select(['store_id as storeId', 'position', 'settled_to as settledTo', 'seen_to as seenTo'])
    .where('job', '=', job),
);

const begin = statement('job_checkpoint_begin', (job: string, storeId: string, position: string) =>
  tables
    .insertInto('ops.job_checkpoints')
    .values({ job, store_id: storeId, position })
    .onConflict((conflict) => conflict.column('job').doNothing())
    .returning('job'),
);

const move = statement(
  'job_checkpoint_move',
  (job: string, storeId: string, from: string, to: string, seenTo: string) =>
    tables
      .updateTable('ops.job_checkpoints')
      .set({ position: to, seen_to: seenTo, updated_at: sql`clock_timestamp()` })
      .where('job', '=', job)
      .where('store_id', '=', storeId)
      .where('position', '=', from)
      .returning('job'),
);

/** Checkpoints of the jobs in `ops.job_checkpoints`. */
export function createJobCheckpoints(write: Pick<WriteStore, 'query'>): JobCheckpoints {
  return {
    read: async (job) => {
      const [row] = await write.query(checkpointOf(job));
      return row ?? null;
    },
    move: async (job, storeId, from, to, seenTo = to) => {
      const moved = await write.query(
        from === null ? begin(job, storeId, to) : move(job, storeId, from, to, seenTo),
      );
      if (moved.length === 0) throw new JobCheckpointTaken(`${job}: somebody else moved the checkpoint`);
    },
  };
}
