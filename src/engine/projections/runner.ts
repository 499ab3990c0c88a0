/**
 * The projector: reads the store once and feeds every view, rows and checkpoints in one transaction
 * (docs/design/architecture.md#projection-runner). One process at a time by lease; a zombie changes nothing because
 * checkpoints are compare-and-set (docs/design/reliability.md#checkpoints).
 */
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { UndecodableEvent } from '../../domain/codec.ts';
import type {
  Clock,
  EventBatch,
  EventStore,
  PubSub,
  Leases,
  Logger,
  Position,
  WriteStore,
} from '../../ports.ts';
import { retry } from '../jobs/retry.ts';
import { type Decode, viewSliceOf, type ReadEvent, prefetch, readBatch } from './batch.ts';
import {
  type Checkpoint,
  CheckpointTaken,
  type CheckpointMove,
  moveCheckpoints,
  openCheckpoints,
  passFence,
  readCheckpoints,
  stopCheckpoint,
} from './checkpoints.ts';
import { findPoisonEvent, isTransient } from './poison-events.ts';
import { PROJECTION_STATUS_TOPIC } from './projection-status.ts';
import { allOf, type View } from './view.ts';

/** The checkpoints do not belong to this store: going on would skip or repeat events without a word. */
export class WrongStore extends Error {
  override readonly name = 'WrongStore';
}

export interface RunnerOptions {
  readonly store: EventStore;
  readonly write: WriteStore;
  readonly leases: Leases;
  readonly pubSub: PubSub;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly views: readonly View[];
  readonly decode: Decode;
  /** Default 500 (docs/design/performance.md#batch-size: the knee). */
  readonly batchSize?: number;
  /** How often the store is asked whether it still is the one the checkpoints belong to. Default 60 s. */
  readonly checkStoreMs?: number;
  /** How often it looks whether somebody rebuilt a view or let a stopped one go on. Default 1 s. */
  readonly watchMs?: number;
}

export interface Runner {
  start(): void;
  /** Finishes the batch under way, gives the lease back. */
  stop(): Promise<void>;
  /** Why nothing is projected although this process holds the lease; null while all is well. */
  refusal(): string | null;
}

/** Where a view of this process is. */
interface ViewState {
  readonly view: View;
  readonly rebuilds: number;
  position: Position;
}

const moveOf = ({ view, rebuilds, position: from }: ViewState, to: Position): CheckpointMove => ({
  view: view.name,
  rebuilds,
  from,
  to,
});

const RETRY_MS = { firstMs: 100, mostMs: 5_000, steadyMs: 5_000 };
const tracer = trace.getTracer('saga-backend');

/** The projector: one in the whole installation keeps the views up to date while it holds the lease. */
export function createRunner(options: RunnerOptions): Runner {
  const { store, write, pubSub, clock, logger, decode } = options;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let refused: string | null = null;

  function publish(states: readonly ViewState[], stopped: readonly string[]): void {
    pubSub.publish(PROJECTION_STATUS_TOPIC, {
      positions: Object.fromEntries(states.map(({ view, position }) => [view.name, position])),
      stopped,
    });
  }

  async function assertSameStore(checkpoints: readonly Checkpoint[]): Promise<string> {
    const [storeId, head] = [await store.storeId(), await store.head()];
    for (const { view, storeId: known, position } of checkpoints) {
      if (known !== storeId) {
        throw new WrongStore(
          `view ${view} was built from event store ${known}, this is ${storeId}: rebuild the views`,
        );
      }
      if (position > head) {
        throw new WrongStore(
          `view ${view} is at ${position}, the event store ends at ${head}: it was restored from a backup; rebuild the views`,
        );
      }
    }
    return storeId;
  }

  /** Writes one batch for these views. @returns those that go on */
  async function project(
    storeId: string,
    states: readonly ViewState[],
    batch: EventBatch,
    reads = readBatch(batch.events, decode),
  ): Promise<ViewState[]> {
    const portions = states.map((state) => ({
      state,
      ...viewSliceOf(state.view, state.position, reads, batch.checkpoint),
    }));
    const idle = portions.every(({ state, position }) => position === state.position);
    try {
      const after = idle
        ? []
        : await write.transaction(async (sql) => {
            const moves = portions
              .filter(({ state, position }) => position !== state.position)
              .map(({ state, position }) => moveOf(state, position));
            await passFence(sql, moves);
            // Each has tables of its own: one folds while the database writes what another made of the batch.
            const hooks = await allOf(
              portions
                .filter(({ events }) => events.length > 0)
                .map(async ({ state, events }) => state.view.apply(sql, events)),
            );
            if (moves.length > 0) await moveCheckpoints(sql, storeId, moves, eventTime(reads));
            return hooks;
          });
      for (const hook of after) hook?.();
    } catch (error) {
      for (const { view } of states) view.forget();
      if (isTransient(error) || error instanceof CheckpointTaken) throw error;
      return isolate(storeId, states, batch, error);
    }
    const going: ViewState[] = [];
    for (const { state, position, undecodable } of portions) {
      state.position = position;
      if (undecodable) await stop(state, undecodable.id, 'undecodable event');
      else going.push(state);
    }
    return going;
  }

  /** One view failed, and took the whole transaction with it: each on its own, to find out which, and at which event. */
  async function isolate(
    storeId: string,
    states: readonly ViewState[],
    batch: EventBatch,
    error: unknown,
  ): Promise<ViewState[]> {
    const [only] = states;
    if (states.length > 1) {
      const going: ViewState[] = [];
      for (const state of states) going.push(...(await project(storeId, [state], batch)));
      return going;
    }
    // Without an event to blame it is the machinery that fails.
    if (!only || batch.events.length === 0) throw error;
    const poison = await findPoisonEvent(batch.events, (event, isLast) =>
      projectOne(storeId, only, {
        events: [event],
        checkpoint: isLast ? batch.checkpoint : event.position,
        caughtUp: false,
      }),
    );
    if (!poison) return [only];
    await stop(only, poison.eventId, poison.because);
    return [];
  }

  async function projectOne(storeId: string, state: ViewState, batch: EventBatch): Promise<void> {
    const reads = readBatch(batch.events, decode);
    const { events, position, undecodable } = viewSliceOf(
      state.view,
      state.position,
      reads,
      batch.checkpoint,
    );
    try {
      const hook = await write.transaction(async (sql) => {
        const moves = position === state.position ? [] : [moveOf(state, position)];
        await passFence(sql, moves);
        const done = events.length > 0 ? await state.view.apply(sql, events) : undefined;
        if (moves.length > 0) await moveCheckpoints(sql, storeId, moves, eventTime(reads));
        return done;
      });
      hook?.();
    } catch (error) {
      state.view.forget();
      throw error;
    }
    state.position = position;
    if (undecodable) throw new UndecodableEvent(undecodable, 'found one by one');
  }

  async function stop(
    { view, position, rebuilds }: ViewState,
    eventId: string,
    because: string,
  ): Promise<void> {
    logger.error({ view: view.name, eventId, because }, 'view stopped at an event it cannot take in');
    await stopCheckpoint(write, { view: view.name, position, rebuilds, eventId, because });
  }

  /** Until the signal aborts, an error, or every view has stopped. */
  async function run(signal: AbortSignal): Promise<void> {
    const names = options.views.map(({ name }) => name);
    const checkpoints = await openCheckpoints(write, names, await store.storeId());
    const storeId = await assertSameStore(checkpoints);
    refused = null;
    let states = options.views.map((view): ViewState => {
      view.forget();
      const { position = '', rebuilds = 0 } = checkpoints.find((one) => one.view === view.name) ?? {};
      return { view, position, rebuilds };
    });
    publish(states, []);
    const after = states.reduce(
      (low, { position }) => (position < low ? position : low),
      states[0]?.position ?? '',
    );
    let checked = clock.now().getTime();
    // Ended by a signal of its own: reading ahead waits for events that may not come.
    const reading = new AbortController();
    const either = AbortSignal.any([signal, reading.signal]);
    const watching = watch(checkpoints, () => states, reading);
    const batches = store.subscribe({
      after,
      batchSize: options.batchSize ?? 500,
      signal: either,
    });
    try {
      for await (const { batch, reads } of prefetch(batches, decode)) {
        states = await traced(batch.events.length, states.length, () =>
          project(storeId, states, batch, reads),
        );
        const stopped = names.filter((name) => !states.some(({ view }) => view.name === name));
        publish(states, stopped);
        if (states.length === 0) await untilAborted(either);
        const now = clock.now().getTime();
        if (now - checked > (options.checkStoreMs ?? 60_000)) {
          checked = now;
          await assertSameStore(checkpoints.map((one) => ({ ...one, ...positionIn(states, one) })));
        }
        if (either.aborted) return;
      }
    } finally {
      clearInterval(watching);
      reading.abort();
    }
  }

  /** Ends the run when a view was rebuilt, or one that had stopped may go on: the next run takes it up. */
  function watch(
    known: readonly Checkpoint[],
    going: () => readonly ViewState[],
    reading: AbortController,
  ): NodeJS.Timeout {
    const look = async (): Promise<void> => {
      const changed = (await readCheckpoints(write)).filter(({ view, rebuilds, state }) => {
        const before = known.find((one) => one.view === view);
        const isGoing = going().some((state) => state.view.name === view);
        return before && (before.rebuilds !== rebuilds || (state === 'running' && !isGoing));
      });
      if (changed.length === 0 || reading.signal.aborted) return;
      logger.info(
        { views: changed.map(({ view }) => view) },
        'views were changed by an operator: taking them up',
      );
      reading.abort();
    };
    return setInterval(() => {
      // The batches report when the database is away.
      look().catch(() => undefined);
    }, options.watchMs ?? 1_000);
  }

  /** Runs again and again while the lease is held: a failure may pass by itself, but it is always logged. */
  async function hold(signal: AbortSignal): Promise<void> {
    const failed = (error: unknown): void => {
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof CheckpointTaken) logger.info({}, 'a checkpoint was moved by somebody else');
      // Said once, not with every try.
      else if (message !== refused) logger.error({ err: error }, 'projections interrupted, trying again');
      refused = message;
    };
    // A run that ends without an error ended because an operator changed a view: there is nothing to wait for.
    while (!signal.aborted)
      await retry(
        (progressed) =>
          run(signal).catch((error: unknown) => {
            if (error instanceof CheckpointTaken) progressed();
            throw error;
          }),
        { ...RETRY_MS, signal, failed },
      );
  }

  return {
    start() {
      running ??= options.leases.hold('projections', stopping.signal, ({ signal }) => hold(signal));
    },
    async stop() {
      stopping.abort();
      await running;
    },
    refusal: () => refused,
  };
}

/** One span per batch that holds events: an idle store is not worth one. */
async function traced<T>(events: number, views: number, work: () => Promise<T>): Promise<T> {
  if (events === 0) return work();
  const span = tracer.startSpan('projection batch', {
    attributes: { 'saga.events': events, 'saga.views': views },
  });
  try {
    return await work();
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

const positionIn = (states: readonly ViewState[], { view, position }: Checkpoint) => ({
  position: states.find((one) => one.view.name === view)?.position ?? position,
});

const eventTime = (reads: readonly ReadEvent[]): string | null =>
  reads.findLast(({ recorded }) => recorded)?.recorded?.metadata.at ?? null;

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener('abort', () => {
        resolve();
      });
  });
