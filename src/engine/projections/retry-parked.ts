/** Another try at what a view holds back: in order, one subject after the other (docs/design/reliability.md#parked-streams). */
import { type Recorded, UndecodableEvent } from '../../domain/codec.ts';
import type { EventStore, Position, StoredEvent } from '../../ports.ts';
import { beginsAgain } from '../../domain/projection-events.ts';
import { UNDECODABLE } from './batch.ts';
import { bumpRebuilds, CheckpointTaken, passFence } from './checkpoints.ts';
import { type ParkedRow, release, stayParked } from './parked-events.ts';
import { findPoisonEvent, isTransient } from './poison-events.ts';
import type { TakeInParts } from './take-in.ts';
import type { View } from './view.ts';

export interface RetryParts extends TakeInParts {
  readonly store: Pick<EventStore, 'read'>;
}

/** Where the view is. `rebuilds` grows: what another process knew of the view is void. */
export interface RetriedView {
  readonly view: View;
  readonly storeId: string;
  readonly position: Position;
  readonly skipped: ReadonlySet<string>;
  rebuilds: number;
}

/** A parked event, or null where the view has nothing to take in: skipped, or not its own any more. */
interface Ready {
  readonly id: string;
  readonly position: Position;
  readonly event: Recorded | null;
}

/** @param rows parked events of this view, in order; a failure leaves what is behind it where it is */
export async function retryParked(
  parts: RetryParts,
  at: RetriedView,
  rows: readonly ParkedRow[],
): Promise<void> {
  const subjects = new Map<string, ParkedRow[]>();
  for (const row of rows) subjects.set(row.subject, [...(subjects.get(row.subject) ?? []), row]);
  for (const ofSubject of subjects.values()) await retrySubject(parts, at, ofSubject);
}

async function retrySubject(parts: RetryParts, at: RetriedView, rows: readonly ParkedRow[]): Promise<void> {
  const ready = await readable(parts, at, rows);
  const failed = await applyAll(parts, at, ready);
  const left = failed ? rows.find(({ eventId }) => eventId === failed.eventId) : rows[ready.length];
  if (left) await stayParked(parts.write, left, failed?.because ?? left.reason ?? UNDECODABLE);
}

/** The events up to the first that still cannot be read. */
async function readable(
  { store, decode }: RetryParts,
  { view, skipped }: RetriedView,
  rows: readonly ParkedRow[],
): Promise<readonly Ready[]> {
  const ready: Ready[] = [];
  const pages = new Map<string, readonly StoredEvent[]>();
  for (const { eventId: id, stream, revision, position } of rows) {
    if (skipped.has(id) || !view.streams.some((prefix) => stream.startsWith(prefix))) {
      ready.push({ id, position, event: null });
      continue;
    }
    let page = pages.get(stream);
    try {
      if (!page?.some((stored) => stored.id === id)) {
        page = await store.read(stream, { from: BigInt(revision) });
        pages.set(stream, page);
      }
      const stored = page.find((one) => one.id === id);
      // Its stream was cut: what the view has not taken in must not be forgotten.
      if (!stored || beginsAgain(stored)) return ready;
      ready.push({ id, position, event: decode(stored) });
    } catch (error) {
      if (error instanceof UndecodableEvent) return ready;
      throw error;
    }
  }
  return ready;
}

/** All at once, or one by one up to the first that fails. */
async function applyAll(
  parts: RetryParts,
  at: RetriedView,
  ready: readonly Ready[],
): Promise<{ readonly eventId: string; readonly because: string } | undefined> {
  if (ready.length === 0) return undefined;
  try {
    await apply(parts, at, ready);
    return undefined;
  } catch (error) {
    if (isTransient(error) || error instanceof CheckpointTaken) throw error;
    return findPoisonEvent(ready, (one) => apply(parts, at, [one]));
  }
}

async function apply({ write, logger }: RetryParts, at: RetriedView, ready: readonly Ready[]): Promise<void> {
  const { view, position, rebuilds, storeId } = at;
  const events = ready.flatMap(({ event }) => (event ? [event] : []));
  const positions = ready.map((one) => one.position);
  try {
    const hook = await write.transaction(async (sql) => {
      await passFence(sql, [{ view: view.name, from: position, to: position, rebuilds }]);
      const done = events.length > 0 ? await view.apply(sql, events) : undefined;
      const freed = await release(sql, view.name, positions);
      // Another process was first, or moved on meanwhile: nothing of this counts.
      if (freed !== positions.length || !(await bumpRebuilds(sql, view.name, storeId, position, rebuilds)))
        throw new CheckpointTaken('what was parked is not where this process left it');
      return done;
    });
    hook?.();
  } catch (error) {
    view.forget();
    throw error;
  }
  at.rebuilds += 1;
  logger.info({ view: view.name, events: positions.length }, 'parked events taken in, or skipped');
}
