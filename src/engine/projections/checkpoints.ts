/** Where each view stands: ops.projections. */
import type { Position, Sql, WriteStore } from '../../ports.ts';
import { allOf, columns } from './view.ts';

export interface Checkpoint {
  readonly view: string;
  readonly storeId: string;
  readonly position: Position;
  readonly state: 'running' | 'stopped';
  readonly stoppedAtEvent: string | null;
  readonly stoppedBecause: string | null;
  /** Domain time of the last event the view has looked at. */
  readonly eventAt: Date | null;
  /** How often it was rebuilt: what was known of its rows before is void. */
  readonly rebuilds: number;
}

/** Another process moved this checkpoint: it is the projector now, and our transaction must not count. */
export class CheckpointTaken extends Error {
  override readonly name = 'CheckpointTaken';
}

export const readCheckpoints = (on: Pick<WriteStore, 'query'>): Promise<Checkpoint[]> =>
  on.query<Checkpoint>({
    name: 'checkpoints_read',
    text: `select view, store_id as "storeId", position, state, stopped_at_event as "stoppedAtEvent",
  stopped_because as "stoppedBecause", event_at as "eventAt", rebuilds from ops.projections`,
    values: [],
  });

/** Begins every view that has no checkpoint yet, and lets those that stopped at an event try it again. */
export async function openCheckpoints(
  write: WriteStore,
  views: readonly string[],
  storeId: string,
): Promise<readonly Checkpoint[]> {
  await write.query({
    text: `insert into ops.projections (view, store_id, position) select view, $2, '' from unnest($1::text[]) view
on conflict (view) do nothing`,
    values: [views, storeId],
  });
  await write.query({
    text: `update ops.projections set state = 'running', stopped_at_event = null, stopped_because = null
where view = any($1) and state = 'stopped'`,
    values: [views],
  });
  return (await readCheckpoints(write)).filter(({ view }) => views.includes(view));
}

export interface CheckpointMove {
  readonly view: string;
  readonly from: Position;
  readonly to: Position;
  readonly rebuilds: number;
}

/**
 * Taken shared by the projector before it touches a table, exclusively by who swaps tables: so neither waits for the
 * other while it holds what the other needs.
 */
export const FENCE = "hashtextextended('saga projector', 0)";

/**
 * Passes the fence, and looks whether these views are where we left them. In tables that were swapped meanwhile an
 * event would clash with itself, and be blamed for it; what holds is the compare-and-set at the end.
 * @throws CheckpointTaken
 */
export async function passFence(sql: Sql, moves: readonly CheckpointMove[]): Promise<void> {
  const [, places] = await allOf<readonly Pick<Checkpoint, 'view' | 'position' | 'rebuilds'>[]>([
    sql.query({
      name: 'projector_fence',
      text: `select pg_advisory_xact_lock_shared(${FENCE})`,
      values: [],
    }),
    // A statement of its own, which sees what was committed while the first one waited.
    sql.query({
      name: 'checkpoints_look',
      text: 'select view, position, rebuilds from ops.projections where view = any($1)',
      values: [moves.map(({ view }) => view)],
    }),
  ]);
  const isWhere = ({ view, from, rebuilds }: CheckpointMove): boolean =>
    places?.some((at) => at.view === view && at.position === from && at.rebuilds === rebuilds) ?? false;
  if (!moves.every(isWhere)) throw new CheckpointTaken('a checkpoint is not where this process left it');
}

/**
 * Compare-and-set of several checkpoints, in the transaction of the rows (reliability.md 2.5).
 * @throws CheckpointTaken when one is not where we left it
 */
export async function moveCheckpoints(
  sql: Sql,
  storeId: string,
  moves: readonly CheckpointMove[],
  eventAt: string | null,
): Promise<void> {
  const moved = await sql.query<{ view: string }>({
    name: 'checkpoints_move',
    text: `update ops.projections p
set position = m.target, event_at = coalesce($5::timestamptz, p.event_at), updated_at = clock_timestamp()
from unnest($1::text[], $2::text[], $3::text[], $6::int[]) m (view, source, target, rebuilds)
where p.view = m.view and p.position = m.source and p.rebuilds = m.rebuilds and p.store_id = $4 and p.state = 'running' returning p.view`,
    values: [
      ...columns(
        moves,
        ({ view }) => view,
        ({ from }) => from,
        ({ to }) => to,
      ),
      storeId,
      eventAt,
      moves.map(({ rebuilds }) => rebuilds),
    ],
  });
  if (moved.length !== moves.length)
    throw new CheckpointTaken('a checkpoint is not where this process left it');
}

/** Marks a view as stopped at an event, unless somebody else has moved it meanwhile. */
export const stopCheckpoint = (
  write: WriteStore,
  at: {
    readonly view: string;
    readonly position: Position;
    readonly rebuilds: number;
    readonly eventId: string;
    readonly because: string;
  },
): Promise<unknown> =>
  write.query({
    text: `update ops.projections set state = 'stopped', stopped_at_event = $3, stopped_because = $4, updated_at = clock_timestamp()
where view = $1 and position = $2 and rebuilds = $5`,
    values: [at.view, at.position, at.eventId, at.because, at.rebuilds],
  });
