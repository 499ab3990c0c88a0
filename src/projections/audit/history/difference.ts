/** What is different between two moments, and which event made it so. */
import { actorOf, entryOf, type HistoryEvent } from './entry.ts';
import { changesOf, type FieldChange } from './fields.ts';
import { changedBy } from './history.ts';
import type { Streams } from './in-order.ts';
import { type Asked, pointInTimeOf } from './point-in-time.ts';
import { namesAt } from './names.ts';
import type { Subject } from './subject.ts';
import { walk } from './fold-events.ts';

export interface FieldDifference extends FieldChange {
  /** The last event between the two that changed it; null when only time did (idle), or a person was renamed. */
  readonly by: Pick<
    HistoryEvent,
    'id' | 'type' | 'stream' | 'revision' | 'timestamp' | 'actor' | 'actor_kind'
  > | null;
}

export interface Difference {
  readonly from: { readonly at: Date; readonly revision: number };
  readonly to: { readonly at: Date; readonly revision: number };
  readonly fields: readonly FieldDifference[];
}

/**
 * What was not there at the first moment has no fields then. Holds every step between the two in memory.
 * @returns null when there is no such revision, or it was not there at the second moment either
 * @throws StoreUnavailable, UndecodableEvent
 */
export async function differenceOf<State extends { readonly revision: bigint }, Shown extends object>(
  store: Streams,
  subject: Subject<State, Shown>,
  [first, second]: readonly [Asked, Asked],
  now: Date,
): Promise<Difference | null> {
  const a = await pointInTimeOf(store, subject.stream, first, now);
  const b = await pointInTimeOf(store, subject.stream, second, now);
  if (!a || !b) return null;
  const { streams, fold } = subject;
  const old = await walk(store, streams, fold, { moment: a, limit: 1 });
  const { state, steps } = await walk(store, streams, fold, { moment: b, limit: Infinity });
  const since = old.steps[0]?.event.position ?? '';
  const between = steps.filter(({ event }) => event.position > since);
  const people = [old.state, state, ...between.flatMap(({ before, after }) => [before, after])].flatMap(
    (each) => subject.people(each),
  );
  const namesThen = await namesAt(store, a, people);
  const names = await namesAt(store, b, [...people, ...between.map(({ event }) => actorOf(event))]);
  const shown = subject.shown(state, b.at, names);
  const was = subject.shown(old.state, a.at, namesThen);
  if (!shown) return null;
  const last = new Map<string, FieldDifference['by']>();
  for (const step of between) {
    for (const { field } of changedBy(subject, step, names)) {
      const { id, type, stream, revision, timestamp, actor, actor_kind } = entryOf(step.event, [], names, {
        l1: false,
      });
      last.set(field, { id, type, stream, revision, timestamp, actor, actor_kind });
    }
  }
  return {
    from: { at: a.at, revision: Number(old.state.revision) },
    to: { at: b.at, revision: Number(state.revision) },
    fields: changesOf(was ? subject.fields(was) : {}, subject.fields(shown)).map((change) => ({
      ...change,
      by: last.get(change.field) ?? null,
    })),
  };
}
