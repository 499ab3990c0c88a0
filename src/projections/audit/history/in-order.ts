/** The events of several streams in one sequence, in the order of the store. */
import type { EventStore } from '../../../ports.ts';
import { told, type Told } from './gap.ts';

export type Streams = Pick<EventStore, 'read'>;

/** Events read at a time from one stream: an event may be half a megabyte. */
const PAGE = 250;

async function* eventsOf(store: Streams, stream: string): AsyncGenerator<Told, undefined> {
  for (let from = 0n; ; from += BigInt(PAGE)) {
    const page = await store.read(stream, { from, limit: PAGE });
    for (const event of page) yield told(event);
    if (page.length < PAGE) return undefined;
  }
}

const isEarlier = (a: Told, b: Told): boolean => a.position < b.position;

/**
 * Every event of these streams, by position. Keeps one page of each stream in memory, however long they are.
 * @throws StoreUnavailable, StreamNotWhole
 */
export async function* inOrder(store: Streams, streams: readonly string[]): AsyncGenerator<Told> {
  const iterators = streams.map((stream) => eventsOf(store, stream));
  const heads = await Promise.all(iterators.map(async (iterator) => (await iterator.next()).value));
  for (;;) {
    let first = -1;
    for (const [index, event] of heads.entries()) {
      const earliest = heads[first];
      if (event && (!earliest || isEarlier(event, earliest))) first = index;
    }
    const event = heads[first];
    if (!event) return;
    heads[first] = (await iterators[first]?.next())?.value;
    yield event;
  }
}
