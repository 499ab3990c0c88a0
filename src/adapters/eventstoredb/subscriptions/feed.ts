import type { EventBatch, EventFilter, Position, StoredEvent } from '../../../ports.ts';

export interface FeedDeps {
  /** At least so many events stay in memory, and twice as many at most. Who is further behind reads the store. */
  readonly kept: number;
  /** See `EventStore.subscribe`, without a filter. Ends only by `signal`. */
  readonly subscribe: (after: Position, signal: AbortSignal) => AsyncIterable<EventBatch>;
  /** Position of the last event of ours. @throws StoreUnavailable */
  readonly head: () => Promise<Position>;
}

export interface FeedReader {
  readonly filter?: EventFilter | undefined;
  /** Upper bound of events per batch. */
  readonly batchSize: number;
  readonly signal: AbortSignal;
}

export interface Feed {
  /** Whether `after` has everything that comes after `position`. */
  covers(position: Position): boolean;
  /**
   * What comes after the position of a reader who has caught up. Ends by the signal, and when the reader fell behind what
   * is in memory: then it reads the store from its last checkpoint.
   */
  after(position: Position, reader: FeedReader): AsyncGenerator<EventBatch, void, undefined>;
}

/** One subscription to the server, from the first reader to the last one. */
interface Run {
  /** Sorted by position: every event of ours after `start`, up to `end`. */
  events: StoredEvent[];
  start: Position;
  end: Position;
  /** `end` was the end of the store when it was read. */
  isLive: boolean;
  failure?: Error;
  readers: number;
  readonly waiting: Set<() => void>;
  readonly stopping: AbortController;
}

/**
 * The newest events, read once for all subscriptions of this process that have caught up. Without it the server sends each
 * event to each of a dozen subscriptions, and each parses, decrypts and decodes it again
 * (docs/design/performance.md#one-feed-for-all).
 */
export function createFeed({ kept, subscribe, head }: FeedDeps): Feed {
  let run: Run | undefined;

  function begin(from: Position): Run {
    const begun: Run = {
      events: [],
      start: from,
      end: from,
      isLive: true,
      readers: 0,
      waiting: new Set(),
      stopping: new AbortController(),
    };
    follow(begun, from).catch((failure: unknown) => {
      begun.failure = failure instanceof Error ? failure : new Error('the feed failed', { cause: failure });
      if (run === begun) run = undefined;
      wake(begun);
    });
    return begun;
  }

  async function follow(at: Run, from: Position): Promise<void> {
    reachBack(at, from);
    for await (const batch of subscribe(from, at.stopping.signal)) {
      at.events.push(...batch.events);
      if (batch.checkpoint > at.end) at.end = batch.checkpoint;
      at.isLive = batch.caughtUp;
      trim(at);
      wake(at);
    }
  }

  /** Between the last event of ours and `from` are only the server's own: who is there has had everything as well. */
  function reachBack(at: Run, from: Position): void {
    head().then(
      (last) => {
        if (at.start === from && last < from) at.start = last;
      },
      () => undefined, // who is there goes on reading the store
    );
  }

  /** In large steps: each moves what is left. */
  function trim(at: Run): void {
    if (at.events.length < 2 * kept) return;
    const [dropped] = at.events.splice(0, at.events.length - kept).slice(-1);
    if (dropped) at.start = dropped.position;
  }

  function wake(at: Run): void {
    for (const go of at.waiting) go();
    at.waiting.clear();
  }

  /** Until something changes. */
  function more(at: Run, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        at.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      at.waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  function batchAfter(at: Run, position: Position, { filter, batchSize }: FeedReader): EventBatch {
    const events: StoredEvent[] = [];
    for (let index = firstAfter(at.events, position); index < at.events.length; index += 1) {
      const event = at.events[index] as StoredEvent;
      if (filter && !filter.streamPrefixes.some((prefix) => event.stream.startsWith(prefix))) continue;
      if (events.length === batchSize)
        return { events, checkpoint: (events.at(-1) as StoredEvent).position, caughtUp: false };
      events.push(event);
    }
    return { events, checkpoint: at.end, caughtUp: at.isLive };
  }

  async function* after(from: Position, reader: FeedReader): AsyncGenerator<EventBatch, void, undefined> {
    const at = (run ??= begin(from));
    at.readers += 1;
    let isHere = true;
    // Not only in `finally`: who stopped listening may never ask for more.
    const leave = (): void => {
      if (!isHere) return;
      isHere = false;
      reader.signal.removeEventListener('abort', leave);
      at.readers -= 1;
      if (at.readers > 0) return;
      if (run === at) run = undefined;
      at.stopping.abort();
    };
    reader.signal.addEventListener('abort', leave);
    let position = from;
    try {
      while (!reader.signal.aborted && position >= at.start) {
        if (at.failure) throw at.failure;
        if (at.end > position) {
          const batch = batchAfter(at, position, reader);
          position = batch.checkpoint;
          yield batch;
        } else await more(at, reader.signal);
      }
    } finally {
      leave();
    }
  }

  return { covers: (position) => run === undefined || position >= run.start, after };
}

function firstAfter(events: readonly StoredEvent[], position: Position): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle] as StoredEvent).position > position) high = middle;
    else low = middle + 1;
  }
  return low;
}
