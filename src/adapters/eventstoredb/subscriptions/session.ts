import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventBatch, Position, StoredEvent } from '../../../ports.ts';
import { START } from '../../../ports.ts';
import { CallTimeout } from '../grpc-errors.ts';
import { isOurs, type QuietStretch } from '../reads.ts';
import { startRead } from '../wire/calls.ts';
import { subscriptionToAll } from '../wire/read-request.ts';
import type { ReadMessage } from '../wire/read-response.ts';
import type { EventFilter, Logger } from '../../../ports.ts';
import type { Clients } from '../clients.ts';

const BATCH_SIZE = 500;
/** Events the server looks at between two checkpoints, of a subscription that stays: it is so far from the end at most. */
export const WINDOW_LIVE = 32;
/** Of one that has a way to go: each checkpoint costs a message, and each look of the server a page. */
export const WINDOW_CATCH_UP = 1_024;
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
          if (isOurs(event)) events.push(event);
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
        // A filtered subscription that has had everything is up to one window before the end.
        const { window, filter } = options;
        const stretch = { from: position, to: head, window, filter };
        if (await unlessAborted(options.signal, options.hasMissed(stretch)))
          throw new CallTimeout(`no event for ${String(options.watchdogMs)} ms although the store went on`);
        // An event that came meanwhile has a later position than this head.
        position = later(position, head);
      }
    }
  } finally {
    source.close();
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
  close(): void;
}

/** Messages are taken one by one: checkpoints and 'caught up' count from their place between the events on. */
function subscribe(options: GrpcSubscriptionOptions, from: Position): Source {
  const { clients, signal } = options;
  const most = options.batchSize ?? BATCH_SIZE;
  let arrived: ReadMessage[] = [];
  let taken = 0;
  let isPaused = false;
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
  const reading = startRead(
    clients.current(),
    clients.metadata,
    subscriptionToAll(from, options.filter, options.window),
    (message) => {
      arrived.push(message);
      if (!isPaused && arrived.length - taken >= most) {
        isPaused = true;
        reading.pause();
      }
      ring();
    },
  );
  reading.ended.then(
    () => {
      over = true;
      ring();
    },
    (error: unknown) => {
      failure = error instanceof Error ? error : new Error('the subscription failed');
      over = true;
      ring();
    },
  );
  signal.addEventListener('abort', ring);

  /** The next message; undefined: none has arrived. */
  function take(): ReadMessage | undefined {
    const message = arrived[taken];
    if (message === undefined) return undefined;
    taken += 1;
    if (taken === arrived.length) {
      arrived = [];
      taken = 0;
      if (isPaused) {
        isPaused = false;
        reading.resume();
      }
    }
    return message;
  }

  return {
    next: () => {
      for (let message = take(); message; message = take()) {
        if (message.kind === 'event') return message.event;
        if (message.kind === 'checkpoint') checkpoint = later(checkpoint, message.position);
        else caughtUp ||= message.kind === 'caught up';
      }
      return undefined;
    },
    marks: () => ({ checkpoint, caughtUp }),
    ended: () => over && arrived.length === 0,
    throwFailure: () => {
      if (failure) throw failure;
    },
    idle: () => arrived.length === 0,
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
    close: () => {
      signal.removeEventListener('abort', ring);
      // Leaving a loop does not end the call on the server.
      reading.cancel();
    },
  };
}

export interface GrpcSubscriptionOptions {
  readonly clients: Clients;
  readonly logger: Logger;
  readonly head: () => Promise<Position>;
  /** Before anything is read. @throws StoreChanged */
  readonly verify: () => Promise<void>;
  readonly hasMissed: (stretch: QuietStretch) => Promise<boolean>;
  readonly after: Position;
  readonly filter?: EventFilter;
  readonly batchSize?: number;
  /** Events the server looks at between two checkpoints. */
  readonly window: number;
  readonly signal: AbortSignal;
  /** Silence after which the head is looked at, to find a connection that is dead without saying so. */
  readonly watchdogMs: number;
}
