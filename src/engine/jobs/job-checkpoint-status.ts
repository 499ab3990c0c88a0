/** How far the jobs that follow the events are, compared with the store that they follow: for readiness, metrics, doctor. */
import type { EventStore, Position, WriteStore } from '../../ports.ts';

export interface JobCheckpointStatus {
  readonly job: string;
  /** Up to where it has read. */
  readonly position: Position;
  readonly updatedAt: Date;
  /** The checkpoint is of another store, or of a later state of this one: the job stays off until a person acts. */
  readonly wrongStore: boolean;
  /** Events it has yet to read; below 0 where the store ends before it, NaN of another store. Never clamped. */
  readonly lagEvents: number;
}

/** @throws StoreUnavailable */
export async function jobCheckpointStatuses(
  tables: Pick<WriteStore, 'query'>,
  store: Pick<EventStore, 'storeId' | 'behind'>,
): Promise<readonly JobCheckpointStatus[]> {
  const rows = await tables.query<
    Pick<JobCheckpointStatus, 'job' | 'position' | 'updatedAt'> & { storeId: string }
  >({
    name: 'job_places',
    text: 'select job, store_id as "storeId", greatest(position, seen_to) as position, updated_at as "updatedAt" from ops.job_checkpoints order by job',
    values: [],
  });
  const storeId = await store.storeId();
  return Promise.all(
    rows.map(async ({ job, position, updatedAt, ...of }) => {
      const lagEvents = of.storeId === storeId ? await store.behind(position) : Number.NaN;
      return { job, position, updatedAt, lagEvents, wrongStore: !(lagEvents >= 0) };
    }),
  );
}
