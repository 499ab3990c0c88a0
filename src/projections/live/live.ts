/**
 * Follows the store and sends what changed, once the read tables show it: a client that looks then finds it there.
 * Each process that serves streams has one; nothing goes from process to process for it.
 */
import { createHash } from 'node:crypto';
import { boundedCache } from '../../engine/bounded-cache.ts';
import pLimit from 'p-limit';
import { type Recorded, UndecodableEvent } from '../../domain/codec.ts';
import type { EventBatch, EventStore, Logger, Position, StoredEvent } from '../../ports.ts';
import { keepRunning } from '../../engine/jobs/retry.ts';
import type { Decode } from '../../engine/projections/batch.ts';
import { type RenderDeps, renderLive } from './live-events.ts';
import { createLiveMemory, idAfter, type LiveEvent, liveEvent, readLiveId } from './live-memory.ts';
import type { ProjectionStatus } from '../../engine/projections/projection-status.ts';

export interface LiveBatch {
  readonly events: readonly LiveEvent[];
  /** After everything that was sent so far: where a client may go on from. */
  readonly id: string;
  /** People whose rights may have changed with it. */
  readonly staff: readonly string[] | 'all';
}

interface Listener {
  told(batch: LiveBatch): void;
  ended(): void;
  /** Is anybody listening? Default: always. */
  wanted?(): boolean;
}

export interface LiveFeed {
  start(): void;
  stop(): Promise<void>;
  /** After everything that was sent so far; null before the store was reached. */
  head(): string | null;
  /** @returns a function that ends it */
  subscribe(listener: Listener): () => void;
  /** What was sent after `id`; null when that is no longer known. */
  since(id: string, limit?: number): readonly LiveEvent[] | null;
  /**
   * Makes `since(id)` known again, if it is not too long ago. @returns false: the client must load everything again
   * @throws StoreUnavailable
   */
  reloadSince(id: string): Promise<boolean>;
}

export interface LiveFeedOptions extends RenderDeps {
  readonly store: Pick<EventStore, 'subscribe' | 'head' | 'storeId'>;
  readonly projectionStatus: Pick<ProjectionStatus, 'waitFor' | 'status'>;
  readonly decode: Decode;
  readonly logger: Logger;
  /** How many events back a client is helped. Default 2,000. */
  readonly mostBack?: number;
  /** For so long after the last one left, clients find in memory what they missed. Default 60 s. */
  readonly keepMs?: number;
}

const RETRY_MS = { firstMs: 100, mostMs: 2_000, steadyMs: 10_000 };
const PATIENCE_MS = 2_000;
/** Tickets and messages whose last shown state is remembered: about 150 bytes each. */
const MOST_SHOWN = 50_000;

type Memory = ReturnType<typeof createLiveMemory>;
interface Following {
  readonly store: string;
  memory: Memory;
  position: Position;
}

/** Starts to follow the store with `start`; until then it knows nothing. */
export function createLiveFeed(options: LiveFeedOptions): LiveFeed {
  const { store, projectionStatus, decode, logger, mostBack = 2_000, keepMs = 60_000 } = options;
  const lastShown = boundedCache<string, string>(MOST_SHOWN);
  const stopping = new AbortController();
  const { signal } = stopping;
  const listeners = new Set<Listener>();
  let lastWanted = -Infinity;
  const oneAtATime = pLimit(1);
  let following: Following | undefined;
  let running: Promise<void> | undefined;

  async function render(events: readonly StoredEvent[], at: string) {
    const recorded = events.flatMap((stored): Recorded[] => {
      try {
        return [decode(stored)];
      } catch (error) {
        // No view shows it either; the runner says so.
        if (error instanceof UndecodableEvent) return [];
        throw error;
      }
    });
    const rendered = (await renderLive(options, recorded)).map((one) => liveEvent(at, one));
    return { recorded, events: rendered.sort((a, b) => (a.id < b.id ? -1 : 1)) };
  }

  /** Until the read tables show everything up to `position`; a view that stopped for good is not waited for. */
  async function shown(position: Position): Promise<void> {
    while (!signal.aborted) {
      if (await projectionStatus.waitFor(position, PATIENCE_MS)) return;
      const views = await projectionStatus.status();
      if (views.length > 0 && views.every((view) => view.state === 'stopped' || view.position >= position))
        return;
    }
  }

  /** What nobody hears is not rendered: it would read the tables for every event. Who comes back later reads the store. */
  function wanted(): boolean {
    const now = performance.now();
    if ([...listeners].some((listener) => listener.wanted?.() ?? true)) lastWanted = now;
    return now - lastWanted < keepMs;
  }

  async function begin(): Promise<Following> {
    const at = createHash('sha256')
      .update(await store.storeId())
      .digest('hex')
      .slice(0, 8);
    const position = await store.head();
    return { store: at, position, memory: createLiveMemory(idAfter(at, position)) };
  }

  async function follow(): Promise<void> {
    const now = (following ??= await begin());
    for await (const batch of store.subscribe({ after: now.position, signal })) {
      if (batch.events.length > 0) {
        await shown(batch.checkpoint);
        if (signal.aborted) return;
        if (wanted()) await send(now, batch);
        else now.memory = createLiveMemory(idAfter(now.store, batch.checkpoint));
      }
      now.position = batch.checkpoint;
    }
  }

  /** A change shows once: the sender's `sent`, and the channel's report of the same, are one. */
  function isNews({ of, audience, data }: LiveEvent): boolean {
    if (of === undefined) return true;
    const state = createHash('sha256')
      .update(`${JSON.stringify(audience)} ${data}`)
      .digest('base64');
    if (lastShown.get(of) === state) return false;
    lastShown.set(of, state);
    return true;
  }

  async function send(now: Following, { events: stored, checkpoint }: EventBatch): Promise<void> {
    const { recorded, events: rendered } = await render(stored, now.store);
    const events = rendered.filter(isNews);
    now.memory.push(events);
    now.position = checkpoint;
    const live = { events, id: idAfter(now.store, now.position), staff: staffOf(recorded) };
    for (const listener of listeners) listener.told(live);
    // A client that comes back does not get the words of an erased customer again: those are rendered from the tables.
    if (stored.some(({ type }) => type === 'CustomerErased'))
      now.memory = createLiveMemory(idAfter(now.store, checkpoint));
  }

  async function run(): Promise<void> {
    await keepRunning(follow, {
      ...RETRY_MS,
      signal,
      ended: (err, backoff) => {
        if (err !== undefined) logger.warn({ err, backoff }, 'live events interrupted, trying again');
      },
    });
    for (const listener of listeners) listener.ended();
  }

  /** Reads what lies between `position` and what is in memory. */
  async function reachBack({ store: at, memory }: Following, position: Position): Promise<boolean> {
    const until = readLiveId(memory.from())?.position ?? '';
    const found: StoredEvent[] = [];
    const reading = new AbortController();
    const either = AbortSignal.any([signal, reading.signal]);
    for await (const batch of store.subscribe({ after: position, signal: either })) {
      found.push(...batch.events.filter((event) => event.position <= until));
      if (batch.checkpoint >= until || found.length > mostBack) reading.abort();
    }
    if (signal.aborted || found.length > mostBack) return false;
    const { events } = await render(found, at);
    const before = memory.from();
    // What was trimmed meanwhile would leave a hole between.
    if (readLiveId(before)?.position !== until) return false;
    memory.prepend(
      events.filter(({ id }) => id <= before),
      idAfter(at, position),
    );
    return true;
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
    head: () => (following ? idAfter(following.store, following.position) : null),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    since: (id, limit) => following?.memory.since(id, limit) ?? null,
    async reloadSince(id) {
      const wanted = readLiveId(id);
      const now = following;
      if (!wanted || !now || wanted.store !== now.store) return false;
      if (now.memory.since(id, 0))
        return wanted.position <= now.position || wanted.position <= (await store.head());
      // Something of that very event is missing, and what lies before it cannot be asked for.
      if (!wanted.whole) return false;
      return oneAtATime(async () => now.memory.since(id, 0) !== null || reachBack(now, wanted.position));
    },
  };
}

/** Whose rights a batch may have changed. */
function staffOf(events: readonly Recorded[]): readonly string[] | 'all' {
  if (events.some(({ type }) => type === 'RolePrivilegesSet')) return 'all';
  const ids = events.flatMap(({ type, data, stream }) =>
    'userId' in data && data.userId !== null && stream.startsWith('user-') && type !== 'PresenceChanged'
      ? [data.userId]
      : [],
  );
  return [...new Set(ids)];
}
