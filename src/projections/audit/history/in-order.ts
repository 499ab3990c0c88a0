/** The events of a few streams as one story: in the order in which the store took them. */
import { decode, type Recorded } from '../../../domain/codec.ts';
import type { EventStore } from '../../../ports.ts';

export type Streams = Pick<EventStore, 'read'>;

/** Of one stream at a time: an event may be half a megabyte. */
const PAGE = 250;

async function* eventsOf(store: Streams, stream: string): AsyncGenerator<Recorded, undefined> {
  for (let from = 0n; ; from += BigInt(PAGE)) {
    const page = await store.read(stream, { from, limit: PAGE });
    for (const event of page) yield decode(event);
    if (page.length < PAGE) return undefined;
  }
}

/** Two events of the same millisecond: positions decide. */
const isEarlier = (a: Recorded, b: Recorded): boolean => a.position < b.position;

/**
 * Every event of these streams, by position. Holds a page of each stream at a time, however long they are.
 * @throws StoreUnavailable, UndecodableEvent
 */
export async function* inOrder(store: Streams, streams: readonly string[]): AsyncGenerator<Recorded> {
  const walks = streams.map((stream) => eventsOf(store, stream));
  const heads = await Promise.all(walks.map(async (walk) => (await walk.next()).value));
  for (;;) {
    let first = -1;
    for (const [index, event] of heads.entries()) {
      const best = heads[first];
      if (event && (!best || isEarlier(event, best))) first = index;
    }
    const event = heads[first];
    if (!event) return;
    heads[first] = (await walks[first]?.next())?.value;
    yield event;
  }
}
