import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { EventFilter, Position, StoredEvent } from '../../ports.ts';
import { withinPatience } from '../../engine/jobs/patience.ts';
import { MOST_BEHIND, START, StreamDeleted } from '../../ports.ts';
import type { Clients } from './clients.ts';
import { failureOf } from './grpc-errors.ts';
import { type RunningRead, startRead } from './wire/calls.ts';
import { readOfAll, readOfStream } from './wire/read-request.ts';

/** Holds only the store's id. It is no event of the product, so no reader gets it. */
export const STORE_STREAM = 'saga-store';

const ATTEMPTS = 2;
/** The last event is nearly always ours; behind a scavenge there may be many of the server's. */
const HEAD_PAGES = { first: 4, more: 64 };

/** See `EventStore.read`. Malformed JSON arrives as a string, binary data as bytes: the codec names it. */
export async function readStream(
  clients: Clients,
  timeoutMs: number,
  stream: string,
  options: { readonly from?: bigint; readonly direction?: 'forwards' | 'backwards'; readonly limit?: number },
): Promise<readonly StoredEvent[]> {
  const { direction = 'forwards', from, limit = 1_000 } = options;
  return collect(clients, timeoutMs, readOfStream(stream, direction, from, limit)).catch((cause: unknown) => {
    throw failureOf(cause) === 'deleted' ? new StreamDeleted(stream, { cause }) : cause;
  });
}

/** Where the search for the head began, and what it found: the next search can stop there. */
export interface HeadSearch {
  readonly newest: Position;
  readonly head: Position;
}

/**
 * Position of the last event that a subscription would deliver. The server's own events ($stats and so on) do not
 * count: no subscription would ever catch up with them.
 *
 * @param last the search before this one; its `newest` is met again unless the store was restored
 */
export async function findHead(clients: Clients, timeoutMs: number, last?: HeadSearch): Promise<HeadSearch> {
  let from: Position | undefined;
  let newest: Position | undefined;
  for (let limit = HEAD_PAGES.first; ; limit = HEAD_PAGES.more) {
    const page: readonly StoredEvent[] = await collect(
      clients,
      timeoutMs,
      readOfAll(from, 'backwards', limit),
    );
    for (const event of page) {
      const { position } = event;
      newest ??= position;
      if (isOurs(event)) return { newest, head: position };
      if (position === last?.newest) return { newest, head: last.head };
      from = position;
    }
    if (page.length < limit) return { newest: newest ?? START, head: START };
  }
}

/**
 * See `EventStore.behind`. The log counts bytes, not events: they are read, as many as MOST_BEHIND. Behind the last event
 * of ours are the server's own, so a position there is no sign of anything.
 */
export async function countBehind(
  clients: Clients,
  timeoutMs: number,
  position: Position,
  head: Position,
): Promise<number> {
  if (position >= head) return 0;
  const page = await collect(clients, timeoutMs, readOfAll(position, 'forwards', MOST_BEHIND));
  return page.filter((event) => isOurs(event) && event.position > position).length;
}

/** The server may look at a few more than it was asked to, before it says where it is. */
const MORE_THAN_A_WINDOW = 256;

/** Behind `from` a subscription was told nothing, though the store goes on to `to`. */
export interface QuietStretch {
  readonly from: Position;
  readonly to: Position;
  readonly filter?: EventFilter | undefined;
  /** Events the server looks at between two checkpoints of this subscription. */
  readonly window: number;
}

/**
 * Whether a subscription at `from` should have delivered an event by now: one of `filter`'s streams after `from`, and
 * not after `to`.
 * @returns true as well when so many events follow that a checkpoint should have come
 */
export async function hasMissed(
  clients: Clients,
  timeoutMs: number,
  { from, to, filter, window }: QuietStretch,
): Promise<boolean> {
  const most = window + MORE_THAN_A_WINDOW;
  const page = await collect(clients, timeoutMs, readOfAll(from, 'forwards', most));
  const missed = page.some((event) => {
    if (!isOurs(event) || event.position <= from || event.position > to) return false;
    return filter?.streamPrefixes.some((prefix) => event.stream.startsWith(prefix)) ?? true;
  });
  const last = page.at(-1);
  return missed || (page.length === most && last !== undefined && last.position < to);
}

/** Not the server's, and not the store's id. */
export function isOurs(event: { readonly type: string; readonly stream: string }): boolean {
  return !event.type.startsWith('$') && !event.stream.startsWith('$') && event.stream !== STORE_STREAM;
}

/** Runs a read to its end; once more when it was lost on the way. A stream that was not found has no events. */
async function collect(
  clients: Clients,
  timeoutMs: number,
  request: ReadReq,
): Promise<readonly StoredEvent[]> {
  for (let attempt = 1; ; attempt += 1) {
    let reading: RunningRead | undefined;
    try {
      return await clients.call(
        withinPatience(timeoutMs / ATTEMPTS),
        async (client) => {
          const events: StoredEvent[] = [];
          reading = startRead(client, clients.metadata, request, (message) => {
            if (message.kind === 'event') events.push(message.event);
          });
          await reading.ended;
          return events;
        },
        () => {
          reading?.cancel();
        },
      );
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'not-found') return [];
      if (failure === 'refused') throw clients.unavailable(error);
      if (failure !== 'unknown') throw error;
      if (attempt === ATTEMPTS || withinPatience(timeoutMs) <= 1) throw clients.unavailable(error);
    }
  }
}
