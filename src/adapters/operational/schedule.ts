import type { Schedule, WriteStore } from '../../ports.ts';

/** Last runs in `ops.schedule`. */
export function createSchedule(write: Pick<WriteStore, 'query'>): Schedule {
  return {
    last: async (job) => {
      const [row] = await write.query<{ due: Date; started: Date; finished: boolean }>({
        name: 'schedule_last',
        text: 'select due_at as due, started_at as started, finished_at is not null as finished from ops.schedule where job = $1',
        values: [job],
      });
      return row ?? null;
    },
    begin: async (job, after, due, now) => {
      const taken = await write.query<{ job: string }>(
        after === null
          ? {
              name: 'schedule_begin_first',
              text: `insert into ops.schedule (job, due_at, started_at) values ($1, $2, $3)
on conflict (job) do nothing returning job`,
              values: [job, due, now],
            }
          : {
              name: 'schedule_begin',
              text: `update ops.schedule set due_at = $2, started_at = $3, finished_at = null
where job = $1 and due_at = $4 returning job`,
              values: [job, due, now, after],
            },
      );
      return taken.length === 1;
    },
    finish: async (job, due, now) => {
      await write.query({
        name: 'schedule_finish',
        text: 'update ops.schedule set finished_at = $3 where job = $1 and due_at = $2',
        values: [job, due, now],
      });
    },
  };
}
