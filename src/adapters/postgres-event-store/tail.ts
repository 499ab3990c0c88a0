import type { StoredEvent } from '../../ports.ts';
import type { Wake } from './wake.ts';

/** What one read of the store found after a position. */
export interface TailRead {
  readonly events: readonly StoredEvent[];
  /** The store's last position at that moment: everything up to it is committed and visible. */
  readonly head: bigint;
}

export interface Tail {
  /**
   * Up to `limit` events after `from`, from a read that began after `ticket` was taken.
   * @returns undefined when `from` is before the events in memory: read the store
   */
  after(from: bigint, limit: number, ticket: number): Promise<TailRead | undefined>;
}

/** Events in memory, about half a megabyte. A subscription that is further behind reads the store. */
const KEPT = 500;

/**
 * The newest events, read once for all subscriptions of this process. Each append wakes all of them; without the tail
 * each would make its own round trip and query, and parse the same JSON again.
 *
 * @param read the first `limit` events after a position; positions have no gaps
 */
export function createTail(
  wake: Pick<Wake, 'ticket'>,
  read: (from: bigint, limit: number) => Promise<TailRead>,
): Tail {
  let events: readonly StoredEvent[] = [];
  /** Position of the last event in memory. */
  let end = -1n;
  let head = -1n;
  /** Everything that was announced before this ticket is in memory. */
  let seen = -1;
  let reading: { readonly ticket: number; readonly done: Promise<void> } | undefined;

  function startOver(from: bigint): void {
    events = [];
    end = from;
    seen = -1;
  }

  async function readOnce(ticket: number): Promise<void> {
    const from = end;
    const found = await read(from, KEPT);
    // Meanwhile a subscription that is further ahead has started over.
    if (end !== from) return;
    if (found.head < from) {
      // Another or a restored store: nothing in memory belongs to it.
      startOver(-1n);
      return;
    }
    events = [...events, ...found.events].slice(-KEPT);
    end = from + BigInt(found.events.length);
    head = found.head;
    seen = ticket;
  }

  /** One read at a time; one that began before `ticket` may miss the event that was announced. */
  async function readSince(ticket: number, from: bigint): Promise<void> {
    if (reading && reading.ticket < ticket) await reading.done.catch(() => undefined);
    if (seen >= ticket && from < end) return;
    if (!reading) {
      const now = wake.ticket();
      const done = readOnce(now).finally(() => {
        reading = undefined;
      });
      reading = { ticket: now, done };
    }
    await reading.done;
  }

  return {
    after: async (from, limit, ticket) => {
      if (from > end) startOver(from);
      if (from === end || seen < ticket) await readSince(ticket, from);
      const behind = end - from;
      if (seen < ticket || behind < 0n || behind > BigInt(events.length)) return undefined;
      const start = events.length - Number(behind);
      return { events: events.slice(start, start + limit), head };
    },
  };
}
