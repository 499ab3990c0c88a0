/**
 * A stream is whole or it is not used: the one place that decides it, for both stores and every reader
 * (docs/design/reliability.md#whole-streams).
 */
import { LRUCache } from 'lru-cache';
import { StreamNotWhole } from '../../domain/codec.ts';
import { type EventStore, type StoredEvent, StreamDeleted } from '../../ports.ts';

/** What the installation remembers of streams apart from the store. */
export interface StreamMemory {
  /** A stream without events: did it hold any, as far as the views know? @returns how they know; null: no. @throws StoreUnavailable */
  formerly(stream: string): Promise<string | null>;
  /** Puts a stream that is not whole on record, for operators. Never rejects. */
  note(stream: string, problem: string): Promise<void>;
}

/** A stream that is asked for again and again is put on record so often. */
const NOTED_AGAIN_MS = 10_000;
const PAGE = 1_000;

type Range = Parameters<EventStore['read']>[1];

/**
 * The same store, of which every read and append of a stream that is not whole is refused.
 *
 * A read forwards must begin at the revision that it asks for, a read backwards that finds fewer than its limit must end at
 * revision 0, and neither has a gap. A stream without events must be one that never held any. So a read of the newest few
 * events of a long stream says nothing of its beginning.
 *
 * @returns a store whose `read` and `append` throw StreamNotWhole
 */
export function createWholeStreams(store: EventStore, memory: StreamMemory): EventStore {
  const noted = new LRUCache<string, true>({ max: 1_000, ttl: NOTED_AGAIN_MS });

  async function refuse(error: StreamNotWhole): Promise<never> {
    if (!noted.has(error.stream)) {
      noted.set(error.stream, true);
      await memory.note(error.stream, error.problem);
    }
    throw error;
  }

  async function deletedOr(error: unknown): Promise<never> {
    if (!(error instanceof StreamDeleted)) throw error;
    return refuse(new StreamNotWhole(error.stream, 'deleted for good in the event store'));
  }

  async function looked(stream: string, range: Range): Promise<readonly StoredEvent[]> {
    let events = await store.read(stream, range);
    let problem = await problemOf(store, memory, stream, range, events);
    if (problem !== null && events.length === 0) {
      // Somebody may have written its first events, and a view shown them, since it was read.
      events = await store.read(stream, range);
      if (events.length > 0) problem = await problemOf(store, memory, stream, range, events);
    }
    return problem === null ? events : refuse(new StreamNotWhole(stream, problem, events[0]));
  }

  return {
    ...store,
    read: (stream, range) => looked(stream, range).catch(deletedOr),
    append: async (stream, events, options) => {
      const done = await store.append(stream, events, options).catch(deletedOr);
      // It was emptied between the read and now: what goes on from here must not.
      if (options.expected === 'none' && events.length > 0 && done.revision >= BigInt(events.length))
        return refuse(new StreamNotWhole(stream, 'events were removed from it, and it begins again'));
      return done;
    },
  };
}

/** @returns what is missing of the events that this range asks for; null: nothing */
async function problemOf(
  store: Pick<EventStore, 'shortened'>,
  memory: Pick<StreamMemory, 'formerly'>,
  stream: string,
  range: Range,
  events: readonly StoredEvent[],
): Promise<string | null> {
  const { from, limit = PAGE, direction } = range ?? {};
  const ordered = direction === 'backwards' ? events.toReversed() : events;
  const [first] = ordered;
  if (first === undefined) {
    // Nothing behind a place that was read before is how a stream ends.
    if (from !== undefined && from > 0n) return null;
    const setting = (await store.shortened?.(stream)) ?? null;
    return setting === null ? memory.formerly(stream) : `empty: the event store has ${setting} set for it`;
  }
  const reachesStart = direction === 'backwards' && ordered.length < limit;
  const begins = direction === 'backwards' ? (reachesStart ? 0n : first.revision) : (from ?? 0n);
  if (first.revision !== begins) return missing(begins, first.revision);
  for (const [index, { revision }] of ordered.entries()) {
    const expected = begins + BigInt(index);
    if (revision !== expected) return missing(expected, revision);
  }
  return null;
}

const missing = (expected: bigint, found: bigint): string =>
  `events are missing: revision ${String(expected)} is expected and ${String(found)} is there`;

/** Reads all of a stream. @returns why it is not whole; null: it is. @throws StoreUnavailable */
export async function whyNotWhole(
  store: Pick<EventStore, 'read' | 'shortened'>,
  memory: Pick<StreamMemory, 'formerly'>,
  stream: string,
): Promise<string | null> {
  try {
    for (let from = 0n; ; from += BigInt(PAGE)) {
      const range = { from, limit: PAGE };
      const page = await store.read(stream, range);
      const problem = await problemOf(store, memory, stream, range, page);
      if (problem !== null || page.length < PAGE) return problem;
    }
  } catch (error) {
    if (error instanceof StreamDeleted) return 'deleted for good in the event store';
    throw error;
  }
}
