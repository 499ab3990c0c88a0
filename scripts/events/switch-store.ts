/**
 * Lets an installation go on with a copy of its event store: the checkpoints of its jobs then name the same events in
 * the copy (docs/deployment.md#moving-to-another-event-store).
 */
import type { Position, Sql } from '../../src/ports.ts';
import { statement, write } from '../../src/engine/sql/statement.ts';
import { tables } from '../../src/engine/sql/tables.ts';

const checkpointsOf = statement(null, (storeId: string) =>
  tables
    .selectFrom('ops.job_checkpoints')
    .select(['job', 'position', 'settled_to as settledTo', 'seen_to as seenTo'])
    .where('store_id', '=', storeId),
);

/** @returns every position of the store that a job of this installation remembers */
export async function rememberedPositions(
  on: Pick<Sql, 'query'>,
  storeId: string,
): Promise<readonly Position[]> {
  const rows = await on.query(checkpointsOf(storeId));
  const all = rows.flatMap(({ position, settledTo, seenTo }) => [position, settledTo, seenTo]);
  return [...new Set(all.filter((one) => one !== null))];
}

export interface StoreSwitch {
  readonly fromId: string;
  readonly toId: string;
  /** Where each remembered position is in the copy. */
  readonly positions: ReadonlyMap<Position, Position>;
}

/**
 * Jobs go on where they were; views are of no store until they are rebuilt from the copy. Run again, it changes nothing.
 * @returns the jobs that were moved
 * @throws Error a checkpoint moved since `positions` were read: the program runs
 */
export async function switchStore(
  on: Pick<Sql, 'query'>,
  { fromId, toId, positions }: StoreSwitch,
): Promise<readonly string[]> {
  const inCopy = (position: Position): Position => {
    const found = positions.get(position);
    if (found === undefined)
      throw new Error('A job moved on meanwhile: stop the program, then run this again.');
    return found;
  };
  const rows = await on.query(checkpointsOf(fromId));
  for (const { job, position, settledTo, seenTo } of rows)
    await on.query(
      write(
        null,
        `update ops.job_checkpoints set store_id = $3, position = $4, settled_to = $5, seen_to = $6, updated_at = clock_timestamp()
where job = $1 and store_id = $2`,
        [
          job,
          fromId,
          toId,
          inCopy(position),
          settledTo === null ? null : inCopy(settledTo),
          seenTo === null ? null : inCopy(seenTo),
        ],
      ),
    );
  await on.query(
    write(null, `update ops.projections set store_id = 'moved: ' || store_id where store_id = $1`, [fromId]),
  );
  return rows.map(({ job }) => job);
}
