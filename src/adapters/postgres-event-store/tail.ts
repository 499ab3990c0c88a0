import type { StoredEvent } from '../../ports.ts';
import type { Wake } from './wake.ts';

/** What one look at the store found after a position. */
export interface Look {
  readonly events: readonly StoredEvent[];
  /** The store's last position at that moment: everything up to it is committed and visible. */
  readonly head: bigint;
}

export interface Tail {
  /**
   * Up to `limit` events after `from`, seen by a look that began after `ticket` was taken.
   * @returns undefined when `from` lies before what is remembered: read the store
   */
  after(from: bigint, limit: number, ticket: number): Promise<Look | undefined>;
}

/** The events of one look, about half a megabyte: who is further behind reads the store. */
const KEPT = 500;

/**
 * The newest events, read once for all subscriptions of this process. After each append every one of them looks,
 * and a look of its own is a round trip, a query and the same JSON parsed again.
 *
 * @param read the first `limit` events after a position; positions have no gaps
 */
export function createTail(
  wake: Pick<Wake, 'ticket'>,
  read: (from: bigint, limit: number) => Promise<Look>,
): Tail {
  let events: readonly StoredEvent[] = [];
  /** Position of the last event remembered. */
  let end = -1n;
  let head = -1n;
  /** Everything that was rung for before this ticket is remembered. */
  let seen = -1;
  let looking: { readonly ticket: number; readonly done: Promise<void> } | undefined;

  function startOver(from: bigint): void {
    events = [];
    end = from;
    seen = -1;
  }

  async function look(ticket: number): Promise<void> {
    const from = end;
    const found = await read(from, KEPT);
    // Meanwhile somebody who is further on has started over.
    if (end !== from) return;
    if (found.head < from) {
      // Another or a restored store: nothing remembered belongs to it.
      startOver(-1n);
      return;
    }
    events = [...events, ...found.events].slice(-KEPT);
    end = from + BigInt(found.events.length);
    head = found.head;
    seen = ticket;
  }

  /** One look at a time; one that began before `ticket` may not have seen what it was rung for. */
  async function lookSince(ticket: number, from: bigint): Promise<void> {
    if (looking && looking.ticket < ticket) await looking.done.catch(() => undefined);
    if (seen >= ticket && from < end) return;
    if (!looking) {
      const now = wake.ticket();
      const done = look(now).finally(() => {
        looking = undefined;
      });
      looking = { ticket: now, done };
    }
    await looking.done;
  }

  return {
    after: async (from, limit, ticket) => {
      if (from > end) startOver(from);
      if (from === end || seen < ticket) await lookSince(ticket, from);
      const behind = end - from;
      if (seen < ticket || behind < 0n || behind > BigInt(events.length)) return undefined;
      const start = events.length - Number(behind);
      return { events: events.slice(start, start + limit), head };
    },
  };
}
