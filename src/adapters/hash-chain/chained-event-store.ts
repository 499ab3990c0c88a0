/**
 * Tamper evidence: an event store whose events each carry, as `metadata.hash`, a SHA-256 over themselves and the
 * hash of the event before them in their stream. Changed, removed, swapped and inserted events break the chain;
 * `npm run audit:verify` names where (docs/audit.md).
 *
 * It is directly above the store, below the encryption of personal fields: the hash is over what is stored, so the
 * chain stays valid after a customer is erased.
 */
import { boundedCache } from '../../engine/bounded-cache.ts';
import {
  type AppendResult,
  type EventBatch,
  type EventStore,
  type NewEvent,
  StoreUnavailable,
  type StoredEvent,
  VersionConflict,
} from '../../ports.ts';
import { encodeAppend, jsonOf } from '../event-encoding.ts';
import { bare, linkOf, linkOver, NOTHING_BEFORE } from './link.ts';

/**
 * The link of one stored event. Events never change, so it is always true; when the event is no longer the last of
 * its stream, it is not used. Links of appends without a confirmed outcome are never kept, nor those of repeated
 * appends: the store has the bytes of the first one.
 */
interface Link {
  readonly revision: bigint;
  readonly link: string;
}

const BEFORE_THE_FIRST: Link = { revision: -1n, link: NOTHING_BEFORE };
/** About 200 bytes each. More than the cached states of commands: a cached state must not need a read for its link. */
const LINKS_KEPT = 200_000;
/** How many events back an append without an expectation looks for its own repetition. */
const LOOK_BACK = 100;
const ATTEMPTS = 100;

/**
 * @param linksKept how many streams keep their last link in memory; for another stream the next append reads one
 *   event first
 */
export function createChainedEventStore(store: EventStore, { linksKept = LINKS_KEPT } = {}): EventStore {
  const links = boundedCache<string, Link>(linksKept);

  function learn(stream: string, revision: bigint, link: () => string): void {
    const known = links.get(stream);
    if (!known || known.revision < revision) links.set(stream, { revision, link: link() });
  }

  /** @throws VersionConflict the stream ends before `revision` */
  async function linkAt(stream: string, revision: bigint): Promise<string> {
    if (revision === -1n) return NOTHING_BEFORE;
    const known = links.get(stream);
    if (known?.revision === revision) return known.link;
    const [last] = await read(stream, { direction: 'backwards', limit: 1 });
    const actual = last?.revision ?? -1n;
    if (actual < revision) throw new VersionConflict(stream, revision, actual);
    // The stream is longer than expected: the store refuses the append, or knows it as a repetition.
    return last && actual === revision ? linkOf(last) : NOTHING_BEFORE;
  }

  async function appendAt(
    stream: string,
    events: readonly NewEvent[],
    expected: 'none' | bigint,
    idsAreNew = false,
  ): Promise<AppendResult> {
    const before = expected === 'none' ? -1n : expected;
    let link = await linkAt(stream, before);
    const linked = events.map((event, index) => {
      const metadata = bare(event.metadata) as NewEvent['metadata'];
      const place = { stream, revision: before + 1n + BigInt(index), id: event.id, type: event.type };
      link = linkOver(link, place, jsonOf(event, event.data), jsonOf(event, metadata));
      return { ...event, metadata: { ...metadata, hash: link } };
    });
    const done = await store.append(stream, linked, { expected });
    if (done.written === true || (done.written === undefined && idsAreNew))
      learn(stream, done.revision, () => link);
    // Such a store may have other bytes under these ids. From now on the subscriptions of this process update the
    // link of this stream.
    else if (done.written === undefined && !links.has(stream)) links.set(stream, BEFORE_THE_FIRST);
    return done;
  }

  /** `any`: at the end of the stream. The store gets an exact revision, because the hash depends on it. */
  async function appendAnywhere(stream: string, events: readonly NewEvent[]): Promise<AppendResult> {
    const ids = new Set(events.map(({ id }) => id));
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const limit = Math.max(LOOK_BACK, events.length);
      const recent = await read(stream, { direction: 'backwards', limit });
      const earlier = earlierResult(recent, events);
      if (earlier) return earlier;
      const last = recent[0]?.revision;
      if (recent.some(({ id }) => ids.has(id))) throw new VersionConflict(stream, 'any', last ?? -1n);
      try {
        return await appendAt(stream, events, last ?? 'none');
      } catch (error) {
        if (!(error instanceof VersionConflict)) throw error;
        // Refused without a concurrent append: some of the ids are in the stream already.
        if (error.actual === (last ?? -1n)) throw new VersionConflict(stream, 'any', error.actual);
      }
    }
    throw new StoreUnavailable('events');
  }

  const read: EventStore['read'] = async (stream, options) => {
    const events = await store.read(stream, options);
    const newest = options?.direction === 'backwards' ? events[0] : events.at(-1);
    if (newest) learn(stream, newest.revision, () => linkOf(newest));
    return events;
  };

  async function* subscribe(options: Parameters<EventStore['subscribe']>[0]): AsyncIterable<EventBatch> {
    for await (const batch of store.subscribe(options)) {
      for (const event of batch.events) {
        const known = links.peek(event.stream);
        if (known && known.revision < event.revision) {
          links.set(event.stream, { revision: event.revision, link: linkOf(event) });
        }
      }
      yield batch;
    }
  }

  return {
    ...store,
    append: (stream, events, { expected, idsAreNew }) => {
      if (events.length === 0) return store.append(stream, events, { expected });
      const known = expected === 'none' || links.peek(stream)?.revision === expected;
      // The store checks every append; when a read comes first, the check comes before that read.
      if (!known) return checked(stream, events, expected, idsAreNew);
      return appendAt(stream, events, expected, idsAreNew);
    },
    read,
    subscribe,
  };

  async function checked(
    stream: string,
    events: readonly NewEvent[],
    expected: 'any' | 'none' | bigint,
    idsAreNew: boolean | undefined,
  ): Promise<AppendResult> {
    encodeAppend(stream, events, expected);
    return expected === 'any'
      ? appendAnywhere(stream, events)
      : appendAt(stream, events, expected, idsAreNew);
  }
}

/** @returns the result of an earlier append of the same ids in the same order; undefined when there is none */
function earlierResult(
  recent: readonly StoredEvent[],
  events: readonly NewEvent[],
): AppendResult | undefined {
  const end = recent.findIndex((event) => event.id === events.at(-1)?.id);
  const last = recent[end];
  if (!last) return undefined;
  const stored = recent.slice(end, end + events.length).toReversed();
  const same =
    stored.length === events.length && stored.every((event, index) => event.id === events[index]?.id);
  return same ? { revision: last.revision, position: last.position, written: false } : undefined;
}
