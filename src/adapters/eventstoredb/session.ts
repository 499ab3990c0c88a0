import { setImmediate as nextTurn } from 'node:timers/promises';
import { excludeSystemEvents, streamNameFilter } from '@eventstore/db-client';
import type { AllStreamResolvedEvent, AllStreamSubscription } from '@eventstore/db-client';
import type { EventBatch, Position, StoredEvent } from '../../ports.ts';
import { START } from '../../ports.ts';
import { CallTimeout } from './grpc-errors.ts';
import { positionOf, serverPositionOf } from './position.ts';
import { isOurs, storedEvent } from './reads.ts';
import type { EventFilter, Logger } from '../../ports.ts';
import { type Clients, inTime } from './clients.ts';

const BATCH_SIZE = 500;
const UNSUBSCRIBE_MS = 500;
/** Events the server looks at between two checkpoints of a filter. */
const CHECKPOINT_EVERY = 32;
/** A batch waits this many turns of the event loop for events that are on their way already. */
const TURNS = 3;

/**
 * One subscription call, from its start to its end. Throws how it was lost; returns when the server ended
 * it, or on abort.
 */
export async function* session(
  options: GrpcSubscriptionOptions,
  from: Position,
): AsyncGenerator<EventBatch, void, undefined> {
  // Read before subscribing: once the server says 'caught up', everything up to here was looked at. That
  // moves the checkpoint of a filter that matched nothing.
  const headBefore = await unlessAborted(options.signal, options.verify().then(options.head));
  if (headBefore === undefined) return;
  const source = subscribe(options, from);
  const limit = options.batchSize ?? BATCH_SIZE;
  let position = from;
  let caughtUpOnce = false;
  try {
    for (;;) {
      const events: StoredEvent[] = [];
      let idle = 0;
      while (events.length < limit && idle < TURNS) {
        const event = source.next();
        if (event) {
          position = later(position, event.position);
          if (isOurs({ type: event.type, streamId: event.stream })) events.push(event);
          idle = 0;
        } else if (source.ended()) break;
        else {
          idle += 1;
          await nextTurn();
        }
      }
      const { checkpoint, caughtUp } = source.marks();
      position = later(position, checkpoint);
      if (caughtUp) position = later(position, headBefore);
      const reachedHead = caughtUp || position >= headBefore;
      const moved = position > from;
      if (events.length > 0 || moved || (reachedHead && !caughtUpOnce)) {
        caughtUpOnce ||= reachedHead;
        from = position;
        yield { events, checkpoint: position, caughtUp: reachedHead && events.length < limit };
      }
      if (options.signal.aborted) return;
      if (source.ended()) {
        source.throwFailure();
        return;
      }
      if (source.idle() && !(await source.waitFor(options.watchdogMs))) {
        const head = await unlessAborted(options.signal, options.head());
        if (head === undefined) return;
        if (head <= position) continue;
        // A filtered subscription that has had everything is up to 31 events before the end.
        if (await unlessAborted(options.signal, options.hasMissed(position, head, options.filter)))
          throw new CallTimeout(`no event for ${String(options.watchdogMs)} ms although the store went on`);
        // An event that came meanwhile has a later position than this head.
        position = later(position, head);
      }
    }
  } finally {
    await source.close();
  }
}

/** Who stops does not wait for a store that does not answer. @returns undefined: `signal` aborted first */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  if (signal.aborted) {
    work.catch(() => undefined);
    return undefined;
  }
  let stop: (() => void) | undefined;
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => {
      resolve(undefined);
    };
    signal.addEventListener('abort', stop);
  });
  try {
    // Also looks at a failure that comes after the abort.
    return await Promise.race([work, aborted]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}

function later(a: Position, b: Position): Position {
  return a > b ? a : b;
}

interface Source {
  /** The next event that has arrived, if any. */
  next(): StoredEvent | undefined;
  /** What the server said between the events read so far. */
  marks(): { readonly checkpoint: Position; readonly caughtUp: boolean };
  ended(): boolean;
  throwFailure(): void;
  idle(): boolean;
  /** @returns false when nothing happened for `milliseconds` */
  waitFor(milliseconds: number): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * The server names an event that the filter did not let through by its commit alone, with prepare 0, although it has
 * looked at it: taken as it is, it would lie before that event, and a view would seem to be behind for ever. Nothing
 * looked at yet is 0 and 0.
 */
function checkpointOf({ commit, prepare }: { readonly commit: bigint; readonly prepare: bigint }): Position {
  if (commit === 0n) return START;
  return positionOf({ commit, prepare: prepare === 0n ? commit : prepare });
}

/** The client's stream, read by hand: `for await` would hide checkpoints and 'caught up' between events. */
function subscribe(options: GrpcSubscriptionOptions, from: Position): Source {
  const { clients, signal } = options;
  let read = 0;
  // A mark counts once the events before it, still in the stream's buffer, were read.
  let unread: { readonly at: number; readonly checkpoint: Position; readonly caughtUp: boolean }[] = [];
  let checkpoint = START;
  let caughtUp = false;
  let failure: Error | undefined;
  let over = false;
  let fresh = false;
  let wakeUp: (() => void) | undefined;

  const ring = (): void => {
    fresh = true;
    wakeUp?.();
  };
  const mark = (stream: AllStreamSubscription, what: { checkpoint: Position; caughtUp: boolean }): void => {
    unread.push({ at: read + stream.readableLength, ...what });
    ring();
  };
  const filterOptions = {
    maxSearchWindow: CHECKPOINT_EVERY,
    checkpointInterval: 1,
    // Must never throw: the client would stall for ever (docs/design/reliability.md#subscriptions).
    checkpointReached: (stream: AllStreamSubscription, position: { commit: bigint; prepare: bigint }) => {
      mark(stream, { checkpoint: checkpointOf(position), caughtUp: false });
    },
  };
  const stream = clients.current().subscribeToAll(
    {
      ...clients.callOptions,
      fromPosition: serverPositionOf(from) ?? 'start',
      filter: options.filter
        ? streamNameFilter({ prefixes: [...options.filter.streamPrefixes], ...filterOptions })
        : excludeSystemEvents(filterOptions),
    },
    { highWaterMark: options.batchSize ?? BATCH_SIZE },
  );
  stream.on('readable', ring);
  stream.on('caughtUp', () => {
    mark(stream, { checkpoint: START, caughtUp: true });
  });
  stream.on('end', () => {
    over = true;
    ring();
  });
  stream.on('close', () => {
    over = true;
    ring();
  });
  stream.on('error', (error: Error) => {
    failure = error;
    over = true;
    ring();
  });
  signal.addEventListener('abort', ring);

  return {
    next: () => {
      const resolved = stream.read() as AllStreamResolvedEvent | null;
      if (resolved === null) return undefined;
      read += 1;
      return resolved.event && storedEvent(resolved.event);
    },
    marks: () => {
      for (const each of unread) {
        if (each.at > read) continue;
        checkpoint = later(checkpoint, each.checkpoint);
        caughtUp ||= each.caughtUp;
      }
      unread = unread.filter((each) => each.at > read);
      return { checkpoint, caughtUp };
    },
    ended: () => over && stream.readableLength === 0,
    throwFailure: () => {
      if (failure) throw failure;
    },
    idle: () => stream.readableLength === 0 && unread.length === 0,
    waitFor: async (milliseconds) => {
      if (!fresh && !signal.aborted && !over) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          wakeUp = resolve;
          timer = setTimeout(resolve, milliseconds);
        });
        clearTimeout(timer);
        wakeUp = undefined;
      }
      const happened = fresh || signal.aborted || over;
      fresh = false;
      return happened;
    },
    close: async () => {
      signal.removeEventListener('abort', ring);
      // Leaving a loop does not end the call on the server. Rejects when the call never came to be: that may take the
      // client a minute, while it looks for a leader, and nobody waits for it.
      await inTime(UNSUBSCRIBE_MS, stream.unsubscribe()).catch(() => undefined);
    },
  };
}

export interface GrpcSubscriptionOptions {
  readonly clients: Clients;
  readonly logger: Logger;
  readonly head: () => Promise<Position>;
  /** Before anything is read. @throws StoreChanged */
  readonly verify: () => Promise<void>;
  /** Whether an event that `filter` lets through comes after `from` and not after `to`; true as well when that is far. */
  readonly hasMissed: (from: Position, to: Position, filter?: EventFilter) => Promise<boolean>;
  readonly after: Position;
  readonly filter?: EventFilter;
  readonly batchSize?: number;
  readonly signal: AbortSignal;
  /** Silence after which the head is looked at, to find a connection that is dead without saying so. */
  readonly watchdogMs: number;
}
