/** How far the jobs that follow the events are, compared with the store that they follow: for readiness, metrics, doctor. */
import { sql } from 'kysely';
import { statement } from '../sql/statement.ts';
import { tables } from '../sql/tables.ts';
import type { EventStore, Position, WriteStore } from '../../ports.ts';

export interface JobCheckpointStatus {
  readonly job: string;
  /** Up to where it has read. */
  readonly position: Position;
  readonly updatedAt: Date;
  /** The checkpoint is of another store: the job stays off until a person acts. */
  readonly wrongStore: boolean;
  /** Events it has yet to read; NaN where it is of another store. */
  readonly lagEvents: number;
}

const checkpoints = statement('job_places', () =>
  tables
    .selectFrom('ops.job_checkpoints')
    .select(['job', 'store_id as storeId', 'updated_at as updatedAt'])
    .select(sql<string>`greatest(position, seen_to)`.as('position'))
    .orderBy('job'),
);

/** @throws StoreUnavailable */
export async function jobCheckpointStatuses(
  database: Pick<WriteStore, 'query'>,
  store: Pick<EventStore, 'storeId' | 'behind'>,
): Promise<readonly JobCheckpointStatus[]> {
  const rows = await database.query(checkpoints());
  const storeId = await store.storeId();
  return Promise.all(
    rows.map(async ({ job, position, updatedAt, ...of }) => {
      const lagEvents = of.storeId === storeId ? await store.behind(position) : Number.NaN;
      return { job, position, updatedAt, lagEvents, wrongStore: of.storeId !== storeId };
    }),
  );
}
