import { JobCheckpointTaken, type JobCheckpoints, type WriteStore } from '../../ports.ts';

export function createJobCheckpoints(write: Pick<WriteStore, 'query'>): JobCheckpoints {
  return {
    read: async (job) => {
      const [row] = await write.query<{
        storeId: string;
        position: string;
        settledTo: string | null;
        seenTo: string | null;
        viewsTo: string | null;
      }>({
        name: 'job_checkpoint_read',
        text: `select store_id as "storeId", position, settled_to as "settledTo", seen_to as "seenTo",
  (select max(v.position) from ops.projections v where v.store_id = j.store_id) as "viewsTo"
from ops.job_checkpoints j where job = $1`,
        values: [job],
      });
      return row ?? null;
    },
    move: async (job, storeId, from, to, seenTo = to) => {
      const moved = await write.query<{ job: string }>(
        from === null
          ? {
              name: 'job_checkpoint_begin',
              text: `insert into ops.job_checkpoints (job, store_id, position) values ($1, $2, $3)
on conflict (job) do nothing returning job`,
              values: [job, storeId, to],
            }
          : {
              name: 'job_checkpoint_move',
              text: `update ops.job_checkpoints set position = $4, seen_to = $5, updated_at = clock_timestamp()
where job = $1 and store_id = $2 and position = $3 returning job`,
              values: [job, storeId, from, to, seenTo],
            },
      );
      if (moved.length === 0) throw new JobCheckpointTaken(`${job}: somebody else moved the checkpoint`);
    },
  };
}
