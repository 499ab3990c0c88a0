/** A batch of stored events, decoded once for all views. */
import { type Recorded, UndecodableEvent } from '../../domain/codec.ts';
import { beginsAgain, heldBy, mustNotWait, subjectOf } from '../../domain/projection-events.ts';
import type { EventBatch, Position, StoredEvent } from '../../ports.ts';
import type { Holding, ParkedEvent } from './parked-events.ts';
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
    if (beginsAgain(stored)) return { stored, recorded: undefined };
    try {
      return { stored, recorded: decode(stored) };
    } catch (error) {
      // Each view decides whether the event concerns it; the others go on.
      if (error instanceof UndecodableEvent) return { stored, recorded: undefined };
      throw error;
    }
  });
}

/** What of a batch a view has to take in, and what it puts aside. */
export interface ViewSlice {
  readonly events: readonly Recorded[];
  /** Those that cannot be read, and those behind one that the view could not take in. */
  readonly parked: readonly ParkedEvent[];
  /** The view must not go past this one: what an erasure takes away must be gone, and it cannot be read. */
  readonly unreadableErasure: StoredEvent | undefined;
  /** Where the view is after them. */
  readonly position: Position;
}

/** Why an event is parked that no program here can read. */
export const UNDECODABLE = 'undecodable event';

/** Why an event is parked before a view has tried it. */
export const whyParked = (stored: StoredEvent): string =>
  beginsAgain(stored) ? 'begins a second time: its stream was emptied' : UNDECODABLE;

/**
 * The part of a batch that one view takes in, without what it leaves out.
 * @param after where the view is; events up to it are left out
 */
export function viewSliceOf(
  view: View,
  after: Position,
  batch: readonly ReadEvent[],
  checkpoint: Position,
  { skipped, held }: Holding,
): ViewSlice {
  const events: Recorded[] = [];
  const parked: ParkedEvent[] = [];
  // What the caller remembers changes once this is written.
  let subjects: ReadonlySet<string> = held;
  let grown: Set<string> | undefined;
  let position = after;
  for (const { stored, recorded } of batch) {
    if (stored.position <= after) continue;
    const isOurs = view.streams.some((prefix) => stored.stream.startsWith(prefix)) && !skipped.has(stored.id);
    if (isOurs && !recorded && mustNotWait(stored))
      return { events, parked, unreadableErasure: stored, position };
    position = stored.position;
    if (!isOurs) continue;
    const behind = heldBy(subjects, stored.stream, recorded?.data);
    if (behind !== undefined && !mustNotWait(stored)) parked.push({ stored, subject: behind, reason: null });
    else if (recorded) events.push(recorded);
    else {
      const subject = subjectOf(stored.stream);
      grown ??= new Set(held);
      subjects = grown.add(subject);
      parked.push({ stored, subject, reason: whyParked(stored) });
    }
  }
  return {
    events,
    parked,
    unreadableErasure: undefined,
    position: checkpoint > position ? checkpoint : position,
  };
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
    // Reported when its turn comes; until then no one waits for it.
    ahead?.catch(() => undefined);
    yield prepared;
  }
}
