import type {
  AllStreamResolvedEvent,
  ReadPosition,
  ResolvedEvent,
  StreamingRead,
} from '@eventstore/db-client';
import type { EventFilter, Position, StoredEvent } from '../../ports.ts';
import { withinPatience } from '../../engine/jobs/patience.ts';
import { MOST_BEHIND, START, StreamDeleted } from '../../ports.ts';
import type { Clients } from './clients.ts';
import { failureOf } from './grpc-errors.ts';
import { positionOf, serverPositionOf } from './position.ts';

/** Holds only the store's id. It is no event of the product, so no reader gets it. */
export const STORE_STREAM = 'saga-store';

const ATTEMPTS = 2;
const HEAD_PAGE = 64;

/** See `EventStore.read`. Malformed JSON arrives as a string, binary data as bytes: the codec names it. */
export async function readStream(
  clients: Clients,
  timeoutMs: number,
  stream: string,
  options: { readonly from?: bigint; readonly direction?: 'forwards' | 'backwards'; readonly limit?: number },
): Promise<readonly StoredEvent[]> {
  const backwards = options.direction === 'backwards';
  const resolved = await collect(clients, timeoutMs, (client) =>
    client.readStream(stream, {
      ...clients.callOptions,
      direction: backwards ? 'backwards' : 'forwards',
      fromRevision: options.from ?? (backwards ? 'end' : 'start'),
      maxCount: options.limit ?? 1_000,
    }),
  ).catch((cause: unknown) => {
    throw failureOf(cause) === 'deleted' ? new StreamDeleted(stream, { cause }) : cause;
  });
  return resolved.flatMap(({ event }) => (event ? [storedEvent(event)] : []));
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
  let from: ReadPosition = 'end';
  let newest: Position | undefined;
  for (;;) {
    const page: AllStreamResolvedEvent[] = await collect(clients, timeoutMs, (client) =>
      client.readAll({
        ...clients.callOptions,
        direction: 'backwards',
        fromPosition: from,
        maxCount: HEAD_PAGE,
      }),
    );
    for (const { event } of page) {
      if (!event) continue;
      const position = positionOf(event.position);
      newest ??= position;
      if (isOurs(event)) return { newest, head: position };
      if (position === last?.newest) return { newest, head: last.head };
      from = event.position;
    }
    if (page.length < HEAD_PAGE) return { newest: newest ?? START, head: START };
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
  const page: AllStreamResolvedEvent[] = await collect(clients, timeoutMs, (client) =>
    client.readAll({
      ...clients.callOptions,
      direction: 'forwards',
      fromPosition: serverPositionOf(position) ?? 'start',
      maxCount: MOST_BEHIND,
    }),
  );
  return page.filter(({ event }) => event && isOurs(event) && positionOf(event.position) > position).length;
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
  const page: AllStreamResolvedEvent[] = await collect(clients, timeoutMs, (client) =>
    client.readAll({
      ...clients.callOptions,
      direction: 'forwards',
      fromPosition: serverPositionOf(from) ?? 'start',
      maxCount: most,
    }),
  );
  const missed = page.some(({ event }) => {
    if (!event || !isOurs(event)) return false;
    const position = positionOf(event.position);
    if (position <= from || position > to) return false;
    return filter?.streamPrefixes.some((prefix) => event.streamId.startsWith(prefix)) ?? true;
  });
  const last = page.at(-1)?.event;
  return missed || (page.length === most && last !== undefined && positionOf(last.position) < to);
}

/** Not the server's, and not the store's id. */
export function isOurs(event: { readonly type: string; readonly streamId: string }): boolean {
  return !event.type.startsWith('$') && !event.streamId.startsWith('$') && event.streamId !== STORE_STREAM;
}

export function storedEvent(event: NonNullable<ResolvedEvent['event']>): StoredEvent {
  return {
    id: event.id,
    stream: event.streamId,
    revision: event.revision,
    position: event.position ? positionOf(event.position) : START,
    type: event.type,
    data: event.data,
    metadata: event.metadata,
  };
}

/** Runs a read to its end; once more when it was lost on the way. */
async function collect<E extends ResolvedEvent | AllStreamResolvedEvent>(
  clients: Clients,
  timeoutMs: number,
  begin: (client: ReturnType<Clients['current']>) => StreamingRead<E>,
): Promise<E[]> {
  for (let attempt = 1; ; attempt += 1) {
    let reading: StreamingRead<E> | undefined;
    try {
      return await clients.call(
        withinPatience(timeoutMs / ATTEMPTS),
        async (client) => {
          const events: E[] = [];
          reading = begin(client);
          for await (const event of reading) events.push(event);
          return events;
        },
        () => {
          reading?.destroy();
          // Rejects when the call never came to be; the caller has its time-out already.
          reading?.cancel().catch(() => undefined);
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
