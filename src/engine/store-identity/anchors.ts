/**
 * Anchors: events of ours, and where they are in the store. A store is recognised by what it holds, not by where it ends
 * (docs/design/reliability.md#the-right-store).
 */
import { sql } from 'kysely';
import type { Position, Sql, StoredEvent, StoreLook } from '../../ports.ts';
import { START, StreamDeleted } from '../../ports.ts';
import { type NoRow, statement } from '../sql/statement.ts';
import { type Columns, tables } from '../sql/tables.ts';

export interface Anchor {
  readonly storeId: string;
  readonly position: Position;
  readonly eventId: string;
  readonly stream: string;
  readonly revision: bigint;
  /** Domain time, ISO 8601 UTC. */
  readonly at: string;
}

/** @returns null: the event does not say when it was; no event of ours is like that */
export function anchorOf(storeId: string, event: StoredEvent): Anchor | null {
  const { at } = event.metadata as { readonly at?: unknown };
  if (typeof at !== 'string') return null;
  const { id: eventId, stream, revision, position } = event;
  return { storeId, position, eventId, stream, revision, at };
}

/**
 * Where an anchor is: at its place; gone; or not to be seen, because an administrator shortened or deleted its stream,
 * which says nothing about the store.
 */
export type AnchorFound = 'there' | 'gone' | { readonly unseen: string };

/** @returns `unseen`: why, for operators. @throws StoreUnavailable */
export async function findAnchor(
  look: Pick<StoreLook, 'read' | 'shortened'>,
  anchor: Anchor,
): Promise<AnchorFound> {
  try {
    if (await isAtItsPlace(look, anchor)) return 'there';
    // A copy of before the anchor was not shortened then: there nothing is set.
    const setting = (await look.shortened?.(anchor.stream)) ?? null;
    return setting === null
      ? 'gone'
      : { unseen: `events are missing: the event store has ${setting} set for it` };
  } catch (error) {
    if (error instanceof StreamDeleted) return { unseen: 'deleted for good in the event store' };
    throw error;
  }
}

/** Its stream is read and not its position: a position that is no record of a store cannot be read there. */
async function isAtItsPlace(look: Pick<StoreLook, 'read'>, anchor: Anchor): Promise<boolean> {
  const [event] = await look.read(anchor.stream, { from: anchor.revision, limit: 1 });
  // A server of an old version does not say where the events of a stream are: then the id decides.
  return event?.id === anchor.eventId && (event.position === START || event.position === anchor.position);
}

type AnchorRow = Columns<
  'ops.store_anchors',
  {
    storeId: 'store_id';
    position: 'position';
    eventId: 'event_id';
    stream: 'stream';
    revision: 'revision';
    at: 'at';
  }
>;

const fromRow = (row: AnchorRow): Anchor => ({
  ...row,
  revision: BigInt(row.revision),
  at: row.at.toISOString(),
});

const anchorsDown = statement('store_anchors', (most: number) =>
  tables
    .selectFrom('ops.store_anchors')
    .select(['store_id as storeId', 'position', 'event_id as eventId', 'stream', 'revision', 'at'])
    .orderBy('position', 'desc')
    .limit(most),
);

/** The newest first. @throws StoreUnavailable */
export const readAnchors = async (on: Sql, most: number): Promise<readonly Anchor[]> =>
  (await on.query(anchorsDown(most))).map(fromRow);

const note = statement(
  'store_anchor_note',
  (
    position: Position,
    storeId: string,
    eventId: string,
    stream: string,
    revision: string,
    at: string,
    lasting: boolean,
  ) => sql<NoRow>`with noted as (
  insert into ops.store_anchors (position, store_id, event_id, stream, revision, at, lasting)
  values (${position}, ${storeId}, ${eventId}, ${stream}, ${revision}, ${at}, ${lasting})
  on conflict (position) do update set lasting = store_anchors.lasting or excluded.lasting)
delete from ops.store_anchors where not lasting and position < ${position}`,
);

/** Keeps an anchor. One that is not lasting goes when the next one is kept. @throws StoreUnavailable */
export const noteAnchor = (on: Sql, anchor: Anchor, lasting: boolean): Promise<unknown> => {
  const { position, storeId, eventId, stream, revision, at } = anchor;
  return on.query(note(position, storeId, eventId, stream, String(revision), at, lasting));
};

const prune = statement(
  'store_anchors_prune',
  () => sql<NoRow>`delete from ops.store_anchors a where noted_at < clock_timestamp() - interval '1 day' and exists (
  select from ops.store_anchors b where b.position < a.position and b.noted_at >= date_trunc('hour', a.noted_at)
    and date_trunc('hour', b.noted_at) = date_trunc('hour', a.noted_at))
  and position < (select max(position) from ops.store_anchors)`,
);

/** Of what is older than a day, one anchor an hour stays. @throws StoreUnavailable */
export const pruneAnchors = (on: Sql): Promise<unknown> => on.query(prune());

const dropFrom = statement(null, (after: Position | null) =>
  tables.deleteFrom('ops.store_anchors').where(sql<boolean>`${after}::text is null or position > ${after}`),
);

/** Forgets what came after a position; null: everything. @throws StoreUnavailable */
export const dropAnchors = (on: Sql, after: Position | null): Promise<unknown> => on.query(dropFrom(after));

/**
 * The newest anchor that is still where it was. What was restored is a beginning of what was, so all before it hold and
 * none after it: halving finds it with a dozen reads. One whose stream was shortened does not tell: the next older does.
 * @param anchors the newest first
 * @returns null: none holds
 * @throws StoreUnavailable
 */
export async function newestThatHolds(look: StoreLook, anchors: readonly Anchor[]): Promise<Anchor | null> {
  const storeId = await look.identity();
  const ours = anchors.filter((anchor) => anchor.storeId === storeId);
  let found: Anchor | null = null;
  let [low, high] = [0, ours.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { at, isThere } = await firstThatTells(look, ours, middle, high);
    if (isThere) {
      found = ours[at] as Anchor;
      high = middle;
    } else low = at + 1;
  }
  return found;
}

/** @returns `at`: `until` when none of them tells */
async function firstThatTells(
  look: StoreLook,
  anchors: readonly Anchor[],
  from: number,
  until: number,
): Promise<{ readonly at: number; readonly isThere: boolean }> {
  for (let at = from; at < until; at += 1) {
    const where = await findAnchor(look, anchors[at] as Anchor);
    if (typeof where === 'string') return { at, isThere: where === 'there' };
  }
  return { at: until, isThere: false };
}
