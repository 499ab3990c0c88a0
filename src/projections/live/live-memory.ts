/** The last live events, so that a client that was away for a moment gets what it missed. Bounded in number and bytes. */
import type { Position } from '../../ports.ts';
import type { LiveName, Rendered } from './rendered.ts';

export interface LiveEvent extends Rendered {
  /** Sorts like the order of the stream; `<store>.<position>.<rank>`. */
  readonly id: string;
  /** As it goes over the wire. */
  readonly frame: string;
}

/** One event can make several live events: always in this order, in every process and batch. */
const RANKS: Readonly<Record<LiveName, string>> = {
  ticket: '0',
  message: '1',
  presence: '2',
  notification: '3',
  blast: '4',
  export: '5',
  unread: '6',
  crm: '7',
  job: '8',
  // No event is about a job and an invoice.
  invoice: '8',
};
/** What the pool shows of a job comes before what its technician sees: who reads both has them in this order. */
const POOL_RANK = '7';
/** Sorts after every live event of the event at a position. */
const AFTER = '9';

/** An id that sorts after every live event of the event at `position`. */
export const idAfter = (store: string, position: Position): string => `${store}.${position}.${AFTER}`;

/** @returns the parts of an id; null when it is none */
export function readLiveId(
  id: string,
): { readonly store: string; readonly position: Position; readonly whole: boolean } | null {
  const [, store, position, rank] = /^([0-9a-f]{8})\.([\d-]{0,80})\.(\d)$/.exec(id) ?? [];
  if (store === undefined || position === undefined) return null;
  return { store, position, whole: rank === AFTER };
}

/** A rendered event with its id and its SSE frame. */
export function liveEvent(store: string, rendered: Rendered): LiveEvent {
  const rank = rendered.audience.kind === 'pool' ? POOL_RANK : RANKS[rendered.event];
  const id = `${store}.${rendered.position}.${rank}`;
  // A line break would end the field; in JSON it can only be white space.
  const data = rendered.data.replaceAll('\n', ' ');
  return { ...rendered, id, frame: `id: ${id}\nevent: ${rendered.event}\ndata: ${data}\n\n` };
}

const MOST_EVENTS = 20_000;
const MOST_CHARS = 32 * 1024 * 1024;

/** @param start the id after which it knows everything */
export function createLiveMemory(start: string) {
  let events: LiveEvent[] = [];
  /** Everything after this id is here. */
  let from = start;
  let chars = 0;

  return {
    from: () => from,
    /** In order, all after what is here. */
    push(more: readonly LiveEvent[]): void {
      for (const one of more) {
        events.push(one);
        chars += one.frame.length;
      }
      let gone = 0;
      while (events.length - gone > MOST_EVENTS || chars > MOST_CHARS) {
        const oldest = events[gone];
        if (!oldest) break;
        chars -= oldest.frame.length;
        from = oldest.id;
        gone += 1;
      }
      if (gone > 0) events = events.slice(gone);
    },
    /** Older ones, in order, reaching back to `start`. */
    prepend(older: readonly LiveEvent[], earlier: string): void {
      events = [...older, ...events];
      for (const one of older) chars += one.frame.length;
      from = earlier;
    },
    /** At most `limit` events after `id`; null when some of them are no longer here. */
    since(id: string, limit = Number.MAX_SAFE_INTEGER): readonly LiveEvent[] | null {
      if (id < from) return null;
      let low = 0;
      let high = events.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const one = events[middle];
        if (one && one.id <= id) low = middle + 1;
        else high = middle;
      }
      return events.slice(low, low + limit);
    },
  };
}
