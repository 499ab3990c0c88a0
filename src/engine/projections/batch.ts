/** A batch of stored events, decoded once for all views. */
import { type Recorded, UndecodableEvent } from '../../domain/codec.ts';
import type { EventBatch, Position, StoredEvent } from '../../ports.ts';
import type { View } from './view.ts';

export type Decode = (stored: StoredEvent) => Recorded;

/** One event, understood or not. */
export interface ReadEvent {
  readonly stored: StoredEvent;
  readonly recorded: Recorded | undefined;
}

/** Decodes every event of a batch once for all views. One that cannot be decoded stays in its place. */
export function readBatch(events: readonly StoredEvent[], decode: Decode): readonly ReadEvent[] {
  return events.map((stored) => {
    try {
      return { stored, recorded: decode(stored) };
    } catch (error) {
      // Each view decides whether the event concerns it; the others go on.
      if (error instanceof UndecodableEvent) return { stored, recorded: undefined };
      throw error;
    }
  });
}

/** What of a batch a view has to take in: the events it looks at, up to the first that nobody understands. */
export interface ViewSlice {
  readonly events: readonly Recorded[];
  /** The first event of its streams that could not be decoded. */
  readonly undecodable: StoredEvent | undefined;
  /** Where the view is after `events`. */
  readonly position: Position;
}

/**
 * The part of a batch that one view takes in.
 * @param after where the view is; events up to it are left out
 */
export function viewSliceOf(
  view: View,
  after: Position,
  batch: readonly ReadEvent[],
  checkpoint: Position,
): ViewSlice {
  const events: Recorded[] = [];
  let position = after;
  for (const { stored, recorded } of batch) {
    if (stored.position <= after) continue;
    if (view.streams.some((prefix) => stored.stream.startsWith(prefix))) {
      if (!recorded) return { events, undecodable: stored, position };
      events.push(recorded);
    }
    position = stored.position;
  }
  return { events, undecodable: undefined, position: checkpoint > position ? checkpoint : position };
}

export interface Prefetched {
  readonly batch: EventBatch;
  readonly reads: readonly ReadEvent[];
}

/**
 * One batch ahead, as long as there is a backlog: the next is fetched and decoded while the database writes this one.
 * At the end of the store nothing is fetched before its turn: it would wait for this batch, and whatever comes meanwhile
 * for that one.
 */
export async function* prefetch(
  batches: AsyncIterable<EventBatch>,
  decode: Decode,
): AsyncGenerator<Prefetched> {
  const source = batches[Symbol.asyncIterator]();
  const take = async (): Promise<Prefetched | undefined> => {
    const next = await source.next();
    return next.done === true
      ? undefined
      : { batch: next.value, reads: readBatch(next.value.events, decode) };
  };
  let ahead: Promise<Prefetched | undefined> | undefined;
  for (;;) {
    const prepared = await (ahead ?? take());
    if (!prepared) return;
    ahead = prepared.batch.caughtUp ? undefined : take();
    // Reported when its turn comes; until then nobody waits for it.
    ahead?.catch(() => undefined);
    yield prepared;
  }
}
