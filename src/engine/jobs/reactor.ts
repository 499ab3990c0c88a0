/**
 * A job that reacts to events: one process at a time reads the streams it asked for, in the order of the store, from
 * where it was, and goes on after every failure. The job says only what an event means to it.
 *
 * What a reaction may rely on:
 * - Events come in order, and again after a kill or a failure: those since the checkpoint. What must happen at most
 *   once is claimed on record before it is done (docs/decisions/0007), because no checkpoint can promise that.
 * - Each run begins with `start`, so nothing in memory outlives a failure.
 * - An event that cannot be read is skipped, in the one way of `SkippedEvents`.
 * - A checkpoint of another store, or ahead of this one, keeps the job off (or lets it start over, if it says so).
 * - At a stop, or when the lease is lost, `drain` is waited for; then the checkpoint is saved once more.
 */
import { setMaxListeners } from 'node:events';
import type { Recorded, UndecodableEvent } from '../../domain/codec.ts';
import {
  type EventStore,
  type JobCheckpoints,
  type Leases,
  type Logger,
  type Position,
  START,
} from '../../ports.ts';
import { decodeOrSkip } from './decode-or-skip.ts';
import { retry } from './retry.ts';
import { type Job, runWhileLeader } from './run-while-leader.ts';
import type { SkippedEvents } from './skipped-events.ts';
import {
  type CheckpointOptions,
  loadCheckpoint,
  saveCheckpointUntil,
  type SubscriptionCheckpoint,
} from './subscription-checkpoint.ts';

export interface ReactorDeps {
  readonly store: Pick<EventStore, 'subscribe' | 'storeId' | 'head'>;
  readonly leases: Leases;
  readonly log: Logger;
  readonly skipped: Pick<SkippedEvents, 'skip'>;
}

/** What `start` is given. */
export interface ReactorRun {
  /** Of the store's last restore: what was open at or before it must not leave any more. Null: never restored. */
  readonly settledTo: Position | null;
  /** Aborts when the run ends: at a stop, when the lease is lost, or after a failure. */
  readonly signal: AbortSignal;
  /** For events that the reaction reads itself. */
  readonly skip: (error: UndecodableEvent) => void;
}

export interface EventPlace {
  /** A position before the event: a run that begins after it reads the event again. */
  readonly before: Position;
  /** Everything that was on record when the run began has been handled. */
  readonly isLive: boolean;
}

export interface Reaction {
  /** Where to begin; only without a checkpoint. */
  readonly after?: Position;
  /**
   * One event after the other: the next one waits for the promise. A reaction that returns with work left, because the
   * signal aborted or to do it later, must count the event in `unsettledFrom`.
   */
  handle(event: Recorded, place: EventPlace): Promise<void> | void;
  /** Called each time that the end of the store is reached; `isFirst`: for the first time in this run. */
  caughtUp?(isFirst: boolean): Promise<void> | void;
  /** The `before` of the oldest event that still needs work; undefined: none does. The checkpoint stays there. */
  unsettledFrom?(): Position | undefined;
  /** Resolves when nothing is under way any more. The run's signal has aborted. */
  drain?(): Promise<void>;
}

export interface ReactorOptions {
  /** Name of the lease, of the checkpoint, and in logs and metrics. Stored for ever. */
  readonly name: string;
  readonly streamPrefixes: readonly string[];
  /**
   * Where to go on after a restart: a checkpoint on record, or `read tables`: `start` loads what the job has to know
   * from them and says in `after` up to where they are.
   */
  readonly position: (CheckpointOptions & { readonly checkpoints: JobCheckpoints }) | 'read tables';
  /** Begins a run. What it throws is a failure like any other. */
  start(run: ReactorRun): Promise<Reaction> | Reaction;
  /** How a failure is logged. Default `warn`. */
  readonly failureLevel?: 'warn' | 'error';
  /** Longest pause after a failure, in milliseconds. Default 5 s. */
  readonly mostMs?: number;
}

export function createReactor(deps: ReactorDeps, options: ReactorOptions): Job {
  const { name, failureLevel = 'warn', mostMs = 5_000 } = options;
  const failed = (err: unknown, backoff: number): void => {
    deps.log[failureLevel]({ err, job: name, backoff }, 'a job is interrupted, trying again');
  };
  return runWhileLeader(deps.leases, name, async (signal) => {
    await retry((progressed) => runOnce(deps, options, signal, progressed), { signal, mostMs, failed });
  });
}

/** From the checkpoint until `stopping` aborts or something fails. */
async function runOnce(
  deps: ReactorDeps,
  options: ReactorOptions,
  stopping: AbortSignal,
  progressed: () => void,
): Promise<void> {
  const { name, position } = options;
  const from =
    position === 'read tables'
      ? undefined
      : await loadCheckpoint(name, { ...deps, checkpoints: position.checkpoints }, position);
  const ending = new AbortController();
  const signal = AbortSignal.any([stopping, ending.signal]);
  // Everything that waits in the reaction listens to it.
  setMaxListeners(0, signal);
  const skip = (error: UndecodableEvent): void => {
    deps.skipped.skip(name, error);
  };
  const reaction = await options.start({ settledTo: from?.settledTo ?? null, signal, skip });
  let seen = from?.position ?? reaction.after ?? START;
  const saving = keepSaving(
    deps,
    options,
    signal,
    from,
    () => reaction.unsettledFrom?.() ?? seen,
    () => seen,
  ).catch((error: unknown) => {
    ending.abort();
    throw error;
  });
  saving.catch(() => undefined); // awaited below, after the reaction's own work

  try {
    let isLive = false;
    const filter = { streamPrefixes: options.streamPrefixes };
    for await (const batch of deps.store.subscribe({ after: seen, filter, signal })) {
      for (const stored of batch.events) {
        if (signal.aborted) break;
        const event = decodeOrSkip(stored, skip);
        if (event) await reaction.handle(event, { before: seen, isLive });
        seen = stored.position;
      }
      if (signal.aborted) break;
      if (batch.checkpoint > seen) seen = batch.checkpoint;
      if (batch.caughtUp) {
        const isFirst = !isLive;
        isLive = true;
        await reaction.caughtUp?.(isFirst);
      }
      progressed();
    }
  } finally {
    ending.abort();
    await reaction.drain?.();
  }
  const saveOnceMore = await saving;
  await saveOnceMore();
}

async function keepSaving(
  { log }: ReactorDeps,
  { name, position }: ReactorOptions,
  signal: AbortSignal,
  from: SubscriptionCheckpoint | undefined,
  settled: () => Position,
  seen: () => Position,
): Promise<() => Promise<void>> {
  if (position === 'read tables' || from === undefined) return () => Promise.resolve();
  return saveCheckpointUntil(name, signal, { checkpoints: position.checkpoints, log }, from, settled, seen);
}
