/** What is different between two points in time, and which event changed it. */
import { staffIdOf, entryOf, type HistoryEvent } from './entry.ts';
import { changesOf, type ShownChange } from './fields.ts';
import { changedBy } from './history.ts';
import { isGap } from './gap.ts';
import type { Streams } from './in-order.ts';
import { type RequestedPoint, pointInTimeOf } from './point-in-time.ts';
import { namesAt } from './names.ts';
import type { Subject } from './subject.ts';
import { foldEvents } from './fold-events.ts';

export interface FieldDifference extends ShownChange {
  /** The last event between the two that changed it. Null: only time passed (idle), or a person was renamed. */
  readonly by: Pick<
    HistoryEvent,
    'id' | 'type' | 'stream' | 'revision' | 'timestamp' | 'actor' | 'actor_kind'
  > | null;
}

export interface StateDifference {
  readonly from: { readonly at: Date; readonly revision: number };
  readonly to: { readonly at: Date; readonly revision: number };
  readonly fields: readonly FieldDifference[];
}

/**
 * A subject that did not exist at the first point has no fields there. Keeps every step between the two in memory.
 * @returns null when there is no such revision, or the subject did not exist at the second point either
 * @throws StoreUnavailable, StreamNotWhole
 */
export async function differenceOf<State extends { readonly revision: bigint }, Shown extends object>(
  store: Streams,
  subject: Subject<State, Shown>,
  [from, to]: readonly [RequestedPoint, RequestedPoint],
  now: Date,
): Promise<StateDifference | null> {
  const first = await pointInTimeOf(store, subject.stream, from, now);
  const second = await pointInTimeOf(store, subject.stream, to, now);
  if (!first || !second) return null;
  const { streams, fold } = subject;
  const old = await foldEvents(store, streams, fold, { point: first, limit: 1 });
  const { state, steps } = await foldEvents(store, streams, fold, { point: second, limit: Infinity });
  const oldPosition = old.steps[0]?.event.position ?? '';
  const between = steps.filter(({ event }) => event.position > oldPosition);
  const people = [old.state, state, ...between.flatMap(({ before, after }) => [before, after])].flatMap(
    (each) => subject.people(each),
  );
  const oldNames = await namesAt(store, first, people);
  const names = await namesAt(store, second, [...people, ...between.map(({ event }) => staffIdOf(event))]);
  const shown = subject.shown(state, second.at, names);
  const oldShown = subject.shown(old.state, first.at, oldNames);
  if (!shown) return null;
  const lastChange = new Map<string, FieldDifference['by']>();
  for (const step of between) {
    if (isGap(step.event)) continue;
    for (const { field } of changedBy(subject, step, names)) {
      const { id, type, stream, revision, timestamp, actor, actor_kind } = entryOf(step.event, [], names, {
        l1: false,
      });
      lastChange.set(field, { id, type, stream, revision, timestamp, actor, actor_kind });
    }
  }
  return {
    from: { at: first.at, revision: Number(old.state.revision) },
    to: { at: second.at, revision: Number(state.revision) },
    fields: changesOf(oldShown ? subject.fields(oldShown) : {}, subject.fields(shown)).map((change) => ({
      ...change,
      by: lastChange.get(change.field) ?? null,
    })),
  };
}
