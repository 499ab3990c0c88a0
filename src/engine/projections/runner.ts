/**
 * The projector: reads the store once and feeds every view, rows and checkpoints in one transaction
 * (docs/design/architecture.md#projection-runner). One process at a time by lease; a zombie changes nothing because
 * checkpoints are compare-and-set (docs/design/reliability.md#checkpoints).
 */
import type { EventStore, PubSub, Leases, Logger, WriteStore } from '../../ports.ts';
import { retry } from '../jobs/retry.ts';
import { type Decode, prefetch } from './batch.ts';
import { type Checkpoint, CheckpointTaken, openCheckpoints, readCheckpoints } from './checkpoints.ts';
import { readParked, viewsToRetry } from './parked-events.ts';
import { PROJECTION_STATUS_TOPIC } from './projection-status.ts';
import { skippedBy } from './rebuild/skips.ts';
import { retryParked } from './retry-parked.ts';
import { createTakeIn, type ViewState } from './take-in.ts';
import type { View } from './view.ts';

/** The checkpoints do not belong to this store: going on would skip or repeat events without a word. */
export class WrongStore extends Error {
  override readonly name = 'WrongStore';
}

export interface RunnerOptions {
  readonly store: EventStore;
  readonly write: WriteStore;
  readonly leases: Leases;
  readonly pubSub: PubSub;
  readonly logger: Logger;
  readonly views: readonly View[];
  readonly decode: Decode;
  /** Default 500 (docs/design/performance.md#batch-size: the knee). */
  readonly batchSize?: number;
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

const RETRY_MS = { firstMs: 100, mostMs: 5_000, steadyMs: 5_000 };

/** The projector: one in the whole installation keeps the views up to date while it holds the lease. */
export function createRunner(options: RunnerOptions): Runner {
  const { store, write, pubSub, logger, decode } = options;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let refused: string | null = null;
  /** An upgrade or a restart may understand what the program before did not. */
  let retried = false;
  const names = options.views.map(({ name }) => name);
  const takeIn = createTakeIn({ write, decode, logger });

  function publish(states: readonly ViewState[], stopped: readonly string[]): void {
    pubSub.publish(PROJECTION_STATUS_TOPIC, {
      positions: Object.fromEntries(states.map(({ view, position }) => [view.name, position])),
      stopped,
      parked: [...new Set(states.flatMap(({ held }) => [...held]))],
    });
  }

  /** That the store itself is the right one, its guard sees to (docs/design/reliability.md#the-right-store). */
  function assertSameStore(checkpoints: readonly Checkpoint[], storeId: string): void {
    const other = checkpoints.find((one) => one.storeId !== storeId);
    if (other)
      throw new WrongStore(
        `view ${other.view} was built from event store ${other.storeId}, this is ${storeId}: rebuild the views`,
      );
  }

  /** Where each view is. What they hold back is tried again once per process, and when a person asks for it. */
  async function openStates(
    storeId: string,
    checkpoints: readonly Checkpoint[],
  ): Promise<readonly ViewState[]> {
    const rows = await readParked(write, names);
    const states: ViewState[] = [];
    for (const view of options.views) {
      view.forget();
      const { position = '', rebuilds = 0 } = checkpoints.find((one) => one.view === view.name) ?? {};
      const skipped = await skippedBy(store, decode, view.name);
      const at = { view, storeId, position, rebuilds, skipped };
      const ofView = rows.filter((row) => row.view === view.name);
      const due = ofView.filter((row) => !retried || row.retry);
      const subjects = new Set(due.map(({ subject }) => subject));
      if (due.length > 0)
        await retryParked(
          { store, write, decode, logger },
          at,
          ofView.filter(({ subject }) => subjects.has(subject)),
        );
      states.push({ view, position, rebuilds: at.rebuilds, skipped, held: new Set(), failures: 0 });
    }
    retried = true;
    for (const { view, subject } of await readParked(write, names))
      states.find((one) => one.view.name === view)?.held.add(subject);
    return states;
  }

  /** Until the signal aborts, an error, or every view has stopped. */
  async function run(signal: AbortSignal): Promise<void> {
    const storeId = await store.storeId();
    const checkpoints = await openCheckpoints(write, names, storeId);
    assertSameStore(checkpoints, storeId);
    refused = null;
    let states = await openStates(storeId, checkpoints);
    publish(states, []);
    const after = states.reduce(
      (low, { position }) => (position < low ? position : low),
      states[0]?.position ?? '',
    );
    // Ended by a signal of its own: reading ahead waits for events that may not come.
    const reading = new AbortController();
    const either = AbortSignal.any([signal, reading.signal]);
    const watching = watch(() => states, reading);
    const batches = store.subscribe({
      after,
      batchSize: options.batchSize ?? 500,
      signal: either,
    });
    try {
      for await (const { batch, reads } of prefetch(batches, decode)) {
        states = await takeIn(storeId, states, batch, reads);
        const stopped = names.filter((name) => !states.some(({ view }) => view.name === name));
        publish(states, stopped);
        if (states.length === 0) await untilAborted(either);
        if (either.aborted) return;
      }
    } finally {
      clearInterval(watching);
      reading.abort();
    }
  }

  /** Ends the run when a view was rebuilt, may go on, or is to try again what it holds back: the next run takes it up. */
  function watch(going: () => readonly ViewState[], reading: AbortController): NodeJS.Timeout {
    const known = new Map(going().map(({ view, rebuilds }) => [view.name, rebuilds]));
    const look = async (): Promise<void> => {
      const checkpoints = await readCheckpoints(write);
      const toRetry = await viewsToRetry(write);
      const changed = checkpoints.filter(({ view, rebuilds, state }) => {
        const before = known.get(view);
        if (before === undefined) return false;
        const isGoing = going().some((one) => one.view.name === view);
        return before !== rebuilds || (state === 'running' && !isGoing) || toRetry.includes(view);
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

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener('abort', () => {
        resolve();
      });
  });
