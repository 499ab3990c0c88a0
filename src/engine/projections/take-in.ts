/** Writing a batch into views: what each can take in, and what it puts aside (docs/design/reliability.md#parked-streams). */
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { UndecodableEvent } from '../../domain/codec.ts';
import { mustNotWait, subjectOf } from '../../domain/projection-events.ts';
import type { EventBatch, Logger, Position, WriteStore } from '../../ports.ts';
import { type Decode, type ReadEvent, readBatch, UNDECODABLE, type ViewSlice, viewSliceOf } from './batch.ts';
import {
  type CheckpointMove,
  CheckpointTaken,
  moveCheckpoints,
  passFence,
  stopCheckpoint,
} from './checkpoints.ts';
import { park } from './parked-events.ts';
import { findPoisonEvent, isOfTheMachine, isTransient, type PoisonFinding } from './poison-events.ts';
import { allOf, type View } from './view.ts';

/** Where a view of this process is, and what it leaves out. */
export interface ViewState {
  readonly view: View;
  readonly rebuilds: number;
  readonly skipped: ReadonlySet<string>;
  readonly held: Set<string>;
  position: Position;
  /** Events of this run that its own code failed at. */
  failures: number;
}

/** A view whose code fails at so many events in one run is broken itself: it stops, as no event is to blame. */
export const MOST_FAILURES = 25;

interface Portion {
  readonly state: ViewState;
  readonly slice: ViewSlice;
}

const tracer = trace.getTracer('saga-backend');

const moveOf = ({ view, rebuilds, position: from }: ViewState, to: Position): CheckpointMove => ({
  view: view.name,
  rebuilds,
  from,
  to,
});

const eventTime = (reads: readonly ReadEvent[]): string | null =>
  reads.findLast(({ recorded }) => recorded)?.recorded?.metadata.at ?? null;

export interface TakeInParts {
  readonly write: WriteStore;
  readonly decode: Decode;
  readonly logger: Logger;
}

/**
 * @returns writes one batch for these views, and says which go on. Throws what may pass by itself, CheckpointTaken, and
 *   what no event is to blame for.
 */
export function createTakeIn({ write, decode, logger }: TakeInParts) {
  /** Rows, parked events and checkpoints in one transaction. */
  async function commit(
    storeId: string,
    portions: readonly Portion[],
    reads: readonly ReadEvent[],
  ): Promise<void> {
    const moved = portions.filter(({ state, slice }) => slice.position !== state.position);
    if (moved.length === 0) return;
    const moves = moved.map(({ state, slice }) => moveOf(state, slice.position));
    try {
      const after = await write.transaction(async (sql) => {
        await passFence(sql, moves);
        // Each has tables of its own: one folds while the database writes what another made of the batch.
        const hooks = await allOf(
          moved
            .filter(({ slice }) => slice.events.length > 0)
            .map(async ({ state, slice }) => state.view.apply(sql, slice.events)),
        );
        for (const { state, slice } of moved) await park(sql, state.view.name, slice.parked);
        await moveCheckpoints(sql, storeId, moves, eventTime(reads));
        return hooks;
      });
      for (const hook of after) hook?.();
    } catch (error) {
      for (const { state } of portions) state.view.forget();
      throw error;
    }
    for (const { state, slice } of moved) {
      state.position = slice.position;
      for (const { stored, subject, reason } of slice.parked) {
        state.held.add(subject);
        if (reason !== null)
          logger.error(
            { view: state.view.name, eventId: stored.id, stream: stored.stream, because: reason },
            'event parked: the view goes on with everything else',
          );
      }
    }
  }

  const portionOf = (state: ViewState, reads: readonly ReadEvent[], checkpoint: Position): Portion => ({
    state,
    slice: viewSliceOf(state.view, state.position, reads, checkpoint, state),
  });

  async function takeIn(
    storeId: string,
    states: readonly ViewState[],
    batch: EventBatch,
    reads = readBatch(batch.events, decode),
  ): Promise<readonly ViewState[]> {
    const portions = states.map((state) => portionOf(state, reads, batch.checkpoint));
    try {
      await commit(storeId, portions, reads);
    } catch (error) {
      if (isTransient(error) || error instanceof CheckpointTaken) throw error;
      return isolate(storeId, states, batch, error);
    }
    const going: ViewState[] = [];
    for (const { state, slice } of portions) {
      if (slice.unreadableErasure) await stop(state, slice.unreadableErasure.id, UNDECODABLE);
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
  ): Promise<readonly ViewState[]> {
    const [only] = states;
    if (states.length > 1) {
      const going: ViewState[] = [];
      for (const state of states) going.push(...(await takeIn(storeId, [state], batch)));
      return going;
    }
    // Without an event to blame it is the machinery that fails.
    if (!only || batch.events.length === 0) throw error;
    const poison = await findPoisonEvent(batch.events, async (event, isLast) => {
      const reads = readBatch([event], decode);
      const portion = portionOf(only, reads, isLast ? batch.checkpoint : event.position);
      await commit(storeId, [portion], reads);
      if (portion.slice.unreadableErasure) throw new UndecodableEvent(event, 'found one by one');
    });
    if (!poison) return [only];
    return (await putAside(storeId, only, batch, poison)) ? takeIn(storeId, [only], batch) : [];
  }

  /** @returns false: the view stops there instead */
  async function putAside(
    storeId: string,
    state: ViewState,
    batch: EventBatch,
    { eventId, because, error }: PoisonFinding,
  ): Promise<boolean> {
    const stored = batch.events.find(({ id }) => id === eventId);
    state.failures += 1;
    if (!stored || mustNotWait(stored) || isOfTheMachine(error) || state.failures > MOST_FAILURES) {
      await stop(state, eventId, because);
      return false;
    }
    const parked = [{ stored, subject: subjectOf(stored.stream), reason: because }];
    const slice = { events: [], parked, unreadableErasure: undefined, position: stored.position };
    await commit(storeId, [{ state, slice }], readBatch([stored], decode));
    return true;
  }

  async function stop(
    { view, position, rebuilds }: ViewState,
    eventId: string,
    because: string,
  ): Promise<void> {
    logger.error({ view: view.name, eventId, because }, 'view stopped at an event it cannot take in');
    await stopCheckpoint(write, { view: view.name, position, rebuilds, eventId, because });
  }

  return (
    storeId: string,
    states: readonly ViewState[],
    batch: EventBatch,
    reads: readonly ReadEvent[],
  ): Promise<readonly ViewState[]> =>
    traced(batch.events.length, states.length, () => takeIn(storeId, states, batch, reads));
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
