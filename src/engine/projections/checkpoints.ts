/** How far each view has come: ops.projections. */
import { sql } from 'kysely';
import type { Position, Sql, WriteStore } from '../../ports.ts';
import { type NoRow, statement } from '../sql/statement.ts';
import { type Columns, tables } from '../sql/tables.ts';
import { allOf } from './view.ts';

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

const allCheckpoints = statement('checkpoints_read', () =>
  tables
    .selectFrom('ops.projections')
    .select([
      'view',
      'store_id as storeId',
      'position',
      'state',
      'stopped_at_event as stoppedAtEvent',
      'stopped_because as stoppedBecause',
      'event_at as eventAt',
      'rebuilds',
    ]),
);

/** How far every view has come. @throws StoreUnavailable */
export const readCheckpoints = (on: Pick<WriteStore, 'query'>): Promise<Checkpoint[]> =>
  on.query(allCheckpoints());

const beginMissing = statement(
  null,
  (views: readonly string[], storeId: string) =>
    sql<NoRow>`insert into ops.projections (view, store_id, position) select view, ${storeId}, '' from unnest(${views}::text[]) view
on conflict (view) do nothing`,
);

const tryStoppedAgain = statement(null, (views: readonly string[]) =>
  tables
    .updateTable('ops.projections')
    .set({ state: 'running', stopped_at_event: null, stopped_because: null })
    .where('view', '=', sql<string>`any(${views})`)
    .where('state', '=', 'stopped'),
);

/** Begins every view that has no checkpoint yet, and lets those that stopped at an event try it again. */
export async function openCheckpoints(
  write: WriteStore,
  views: readonly string[],
  storeId: string,
): Promise<readonly Checkpoint[]> {
  await write.query(beginMissing(views, storeId));
  await write.query(tryStoppedAgain(views));
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

const fence = statement(
  'projector_fence',
  () => sql<NoRow>`select pg_advisory_xact_lock_shared(${sql.raw(FENCE)})`,
);

const placesOf = statement('checkpoints_look', (views: readonly string[]) =>
  tables
    .selectFrom('ops.projections')
    .select(['view', 'position', 'rebuilds'])
    .where('view', '=', sql<string>`any(${views})`),
);

/**
 * Passes the fence, and looks whether these views are where we left them. In tables that were swapped meanwhile an
 * event would clash with itself, and be blamed for it; what holds is the compare-and-set at the end.
 * @throws CheckpointTaken
 */
export async function passFence(sql: Sql, moves: readonly CheckpointMove[]): Promise<void> {
  const [, places] = await allOf<readonly Pick<Checkpoint, 'view' | 'position' | 'rebuilds'>[]>([
    sql.query(fence()).then(() => []),
    // A statement of its own, which sees what was committed while the first one waited.
    sql.query(placesOf(moves.map(({ view }) => view))),
  ]);
  const isWhere = ({ view, from, rebuilds }: CheckpointMove): boolean =>
    places?.some((at) => at.view === view && at.position === from && at.rebuilds === rebuilds) ?? false;
  if (!moves.every(isWhere)) throw new CheckpointTaken('a checkpoint is not where this process left it');
}

const moveAll = statement(
  'checkpoints_move',
  (
    views: readonly string[],
    from: readonly Position[],
    to: readonly Position[],
    storeId: string,
    eventAt: string | null,
    rebuilds: readonly number[],
  ) => sql<Columns<'ops.projections', { view: 'view' }>>`update ops.projections p
set position = m.target, event_at = coalesce(${eventAt}::timestamptz, p.event_at), updated_at = clock_timestamp()
from unnest(${views}::text[], ${from}::text[], ${to}::text[], ${rebuilds}::int[]) m (view, source, target, rebuilds)
where p.view = m.view and p.position = m.source and p.rebuilds = m.rebuilds and p.store_id = ${storeId} and p.state = 'running' returning p.view`,
);

/**
 * Compare-and-set of several checkpoints, in the transaction of the rows (docs/design/reliability.md#checkpoints).
 * @throws CheckpointTaken when one is not where we left it
 */
export async function moveCheckpoints(
  sql: Sql,
  storeId: string,
  moves: readonly CheckpointMove[],
  eventAt: string | null,
): Promise<void> {
  const moved = await sql.query(
    moveAll(
      moves.map(({ view }) => view),
      moves.map(({ from }) => from),
      moves.map(({ to }) => to),
      storeId,
      eventAt,
      moves.map(({ rebuilds }) => rebuilds),
    ),
  );
  if (moved.length !== moves.length)
    throw new CheckpointTaken('a checkpoint is not where this process left it');
}

const bump = statement(null, (view: string, storeId: string, position: Position, rebuilds: number) =>
  tables
    .updateTable('ops.projections')
    .set(({ eb }) => ({ rebuilds: eb('rebuilds', '+', 1), updated_at: sql`clock_timestamp()` }))
    .where('view', '=', view)
    .where('store_id', '=', storeId)
    .where('position', '=', position)
    .where('rebuilds', '=', rebuilds)
    .where('state', '=', 'running')
    .returning('view'),
);

/** Makes void what others know of a view whose rows change while its checkpoint stays. @returns false: it had moved */
export const bumpRebuilds = async (
  on: Sql,
  view: string,
  storeId: string,
  position: Position,
  rebuilds: number,
): Promise<boolean> => (await on.query(bump(view, storeId, position, rebuilds))).length > 0;

const stop = statement(
  null,
  (view: string, position: Position, eventId: string, because: string, rebuilds: number) =>
    tables
      .updateTable('ops.projections')
      .set({
        state: 'stopped',
        stopped_at_event: eventId,
        stopped_because: because,
        updated_at: sql`clock_timestamp()`,
      })
      .where('view', '=', view)
      .where('position', '=', position)
      .where('rebuilds', '=', rebuilds),
);

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
): Promise<unknown> => write.query(stop(at.view, at.position, at.eventId, at.because, at.rebuilds));
