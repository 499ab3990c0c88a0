/** Puts rebuilt tables in the place of the live ones: all at once, or not at all. */
import { sql } from 'kysely';
import type { BulkSession, EventStore, Position } from '../../../ports.ts';
import { retry } from '../../jobs/retry.ts';
import { statement, write } from '../../sql/statement.ts';
import { tables } from '../../sql/tables.ts';
import { FENCE } from '../checkpoints.ts';
import { type ParkedEvent, replaceParked } from '../parked-events.ts';
import { assertAlike, dropShadow, type Shadow } from './shadow.ts';

export interface Rebuilt {
  readonly view: string;
  readonly shadow: Shadow;
  readonly storeId: string;
  /** How far its tables are. */
  position: Position;
  /** Domain time of the last event in them. */
  eventAt: string | null;
  /** What the rebuilt view holds back. */
  parked(): readonly ParkedEvent[];
}

/** Readers that arrive while we wait for the tables wait behind us: not for long, then they go first and we try again. */
const LOCK_TIMEOUT_MS = 250;
const RETRY_MS = { firstMs: 100, mostMs: 1_000 };
const PATIENCE_MS = 10 * 60_000;

/** Where the replaced tables go before they are dropped. */
export const oldSchema = ({ schema }: Pick<Shadow, 'schema'>): string => `${schema}_old`;

interface Live {
  readonly storeId: string;
  readonly position: Position;
}

/**
 * In one transaction: stops the projector at its next batch, brings the shadow up to where the live view is, moves the
 * old tables out and the new ones in, and sets the checkpoint. Readers wait for the last two only, some milliseconds.
 *
 * @param session a connection of its own; the shadow is fed on another, so that what is fed is committed when the
 *   tables are swapped: no reader gets a table whose newest rows it may not see yet
 * @param feedUpTo feeds the shadow up to a position, included, and notes it in `rebuilt`
 * @throws TablesDiffer
 */
export async function swap(
  session: BulkSession,
  store: Pick<EventStore, 'head'>,
  rebuilt: Rebuilt,
  feedUpTo: (position: Position) => Promise<void>,
): Promise<void> {
  const { shadow } = rebuilt;
  const deadline = performance.now() + PATIENCE_MS;
  await retry(
    () =>
      session.transaction(
        async () => {
          await session.query(write(null, `select pg_advisory_xact_lock(${FENCE})`));
          const live = await lockCheckpoint(session, rebuilt);
          // Of another store: nothing to catch up with. Behind the last event are only the server's own: nobody
          // waits for those.
          if (live.storeId === rebuilt.storeId) {
            const head = await store.head();
            const until = live.position < head ? live.position : head;
            if (until > rebuilt.position) await feedUpTo(until);
          }
          await assertAlike(session, shadow);
          await exchange(session, shadow);
          await replaceParked(session, rebuilt.view, rebuilt.parked());
          await setCheckpoint(session, rebuilt);
        },
        { durable: true },
      ),
    {
      ...RETRY_MS,
      isFinal: (error) => !isLockTimeout(error) || performance.now() > deadline,
      failed: () => undefined, // a reader was first: that is no fault
    },
  );
  await dropShadow(session, oldSchema(shadow));
  await dropShadow(session, shadow.schema);
}

const beginCheckpoint = statement(null, (view: string, storeId: string) =>
  tables
    .insertInto('ops.projections')
    .values({ view, store_id: storeId, position: '' })
    .onConflict((conflict) => conflict.column('view').doNothing()),
);

const checkpointForUpdate = statement(null, (view: string) =>
  tables
    .selectFrom('ops.projections')
    .select(['store_id as storeId', 'position'])
    .where('view', '=', view)
    .forUpdate(),
);

async function lockCheckpoint(session: BulkSession, { view, storeId }: Rebuilt): Promise<Live> {
  await session.query(beginCheckpoint(view, storeId));
  const [live] = await session.query(checkpointForUpdate(view));
  if (!live) throw new Error(`the checkpoint of ${view} is gone`);
  return live;
}

async function exchange(session: BulkSession, shadow: Shadow): Promise<void> {
  const { schema } = shadow;
  const old = oldSchema(shadow);
  const refilled = shadow.tables.filter(({ referredTo }) => referredTo);
  const moved = shadow.tables.filter(({ referredTo }) => !referredTo);
  for (const { name } of refilled) {
    await session.query(write(null, `delete from read.${name}`));
    await session.query(write(null, `insert into read.${name} select * from ${schema}.${name}`));
  }
  if (moved.length === 0) return;
  await session.query(write(null, `set local lock_timeout = ${String(LOCK_TIMEOUT_MS)}`));
  const all = moved.map(({ name }) => `read.${name}`).join(', ');
  await session.query(write(null, `lock table ${all} in access exclusive mode`));
  const parts = moved.flatMap(({ name, partitions }) => [name, ...partitions.map((one) => one.name)]);
  // One round trip: readers are waiting.
  await session.query(
    write(
      null,
      [
        `create schema ${old}`,
        ...parts.map((name) => `alter table read.${name} set schema ${old}`),
        ...parts.map((name) => `alter table ${schema}.${name} set schema read`),
      ].join('; '),
    ),
  );
}

const restartCheckpoint = statement(
  null,
  (view: string, storeId: string, position: Position, eventAt: string | null) =>
    tables
      .updateTable('ops.projections')
      .set(({ eb }) => ({
        store_id: storeId,
        position,
        event_at: eventAt,
        state: 'running',
        stopped_at_event: null,
        stopped_because: null,
        rebuilds: eb('rebuilds', '+', 1),
        updated_at: sql`clock_timestamp()`,
      }))
      .where('view', '=', view),
);

const setCheckpoint = (
  session: BulkSession,
  { view, storeId, position, eventAt }: Rebuilt,
): Promise<unknown> => session.query(restartCheckpoint(view, storeId, position, eventAt));

/** 55P03: somebody reads longer than we wait; 40P01: a reader waits for what we hold. */
function isLockTimeout(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause && (cause.code === '55P03' || cause.code === '40P01');
}
