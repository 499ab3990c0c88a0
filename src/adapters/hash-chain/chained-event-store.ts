/**
 * Tamper evidence: an event store whose events each carry, as `metadata.hash`, a SHA-256 over themselves and the
 * hash of the event before them in their stream. Changed, removed, swapped and inserted events break the chain;
 * `npm run audit:verify` names where (docs/audit.md).
 *
 * Stands directly above the store, below the encryption of personal fields: what is hashed is what is stored, so
 * a chain still holds after a customer was erased.
 */
import { LRUCache } from 'lru-cache';
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
 * A fact about one stored event. Events never change, so it cannot go stale; it can only be about an event that is
 * not the last one any more, and then it is not used. Nothing else is ever remembered: not what was sent and may
 * not have arrived, and not what was sent again and was stored with the bytes of its first sending.
 */
interface Link {
  readonly revision: bigint;
  readonly link: string;
}

const BEFORE_THE_FIRST: Link = { revision: -1n, link: NOTHING_BEFORE };
/** About 200 bytes each. More than the states that commands keep: who has the state must not read for the link. */
const LINKS_KEPT = 200_000;
/** How far back an append without an expectation looks for an earlier sending of itself. */
const LOOK_BACK = 100;
const ATTEMPTS = 100;

/**
 * @param linksKept streams whose last link is kept in memory; a stream that is not costs its next append one read
 *   of one event
 */
export function createChainedEventStore(store: EventStore, { linksKept = LINKS_KEPT } = {}): EventStore {
  const links = new LRUCache<string, Link>({ max: linksKept });

  function learn(stream: string, revision: bigint, link: () => string): void {
    const known = links.get(stream);
    if (!known || known.revision < revision) links.set(stream, { revision, link: link() });
  }

  /** @throws VersionConflict the stream is not that far: there is nothing to be linked to */
  async function linkAt(stream: string, revision: bigint): Promise<string> {
    if (revision === -1n) return NOTHING_BEFORE;
    const known = links.get(stream);
    if (known?.revision === revision) return known.link;
    const [last] = await read(stream, { direction: 'backwards', limit: 1 });
    const actual = last?.revision ?? -1n;
    if (actual < revision) throw new VersionConflict(stream, revision, actual);
    // Streams only grow. Further than expected: the store will refuse, or know it as a repetition.
    return last && actual === revision ? linkOf(last) : NOTHING_BEFORE;
  }

  async function appendAt(
    stream: string,
    events: readonly NewEvent[],
    expected: 'none' | bigint,
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
    if (done.written === true) learn(stream, done.revision, () => link);
    // A store that cannot tell may hold other bytes under these ids. From here on the stream's events are
    // listened for: each subscription of this process passes them by.
    if (done.written === undefined && !links.has(stream)) links.set(stream, BEFORE_THE_FIRST);
    return done;
  }

  /** `any`: behind whatever is there. The expectation the store gets is exact, because the hash needs it to be. */
  async function appendAnywhere(stream: string, events: readonly NewEvent[]): Promise<AppendResult> {
    const ids = new Set(events.map(({ id }) => id));
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const limit = Math.max(LOOK_BACK, events.length);
      const recent = await read(stream, { direction: 'backwards', limit });
      const earlier = firstSending(recent, events);
      if (earlier) return earlier;
      const last = recent[0]?.revision;
      if (recent.some(({ id }) => ids.has(id))) throw new VersionConflict(stream, 'any', last ?? -1n);
      try {
        return await appendAt(stream, events, last ?? 'none');
      } catch (error) {
        if (!(error instanceof VersionConflict)) throw error;
        // Refused although nobody was faster: some of the ids are in the stream already.
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
    append: (stream, events, { expected }) => {
      if (events.length === 0) return store.append(stream, events, { expected });
      const known = expected === 'none' || links.peek(stream)?.revision === expected;
      // The store looks at every append itself; before something is read for it, it is looked at here.
      if (!known) return checked(stream, events, expected);
      return appendAt(stream, events, expected);
    },
    read,
    subscribe,
  };

  async function checked(
    stream: string,
    events: readonly NewEvent[],
    expected: 'any' | 'none' | bigint,
  ): Promise<AppendResult> {
    encodeAppend(stream, events, expected);
    return expected === 'any' ? appendAnywhere(stream, events) : appendAt(stream, events, expected);
  }
}

/** The answer these very ids got when they were sent before: all of them, one after the other. */
function firstSending(recent: readonly StoredEvent[], events: readonly NewEvent[]): AppendResult | undefined {
  const end = recent.findIndex((event) => event.id === events.at(-1)?.id);
  const last = recent[end];
  if (!last) return undefined;
  const stored = recent.slice(end, end + events.length).toReversed();
  const same =
    stored.length === events.length && stored.every((event, index) => event.id === events[index]?.id);
  return same ? { revision: last.revision, position: last.position, written: false } : undefined;
}
