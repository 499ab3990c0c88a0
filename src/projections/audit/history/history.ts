/**
 * The history of a subject: as it was at a point in time, and what happened before
 * (docs/design/api.md#audit-log-and-history).
 */
import type { Position } from '../../../ports.ts';
import { BEHIND_ALL, readPlace, writeCursor } from '../../../engine/sql/keyset-pages.ts';
import { entriesOf, type HistoryEvent, type LayerAccess, staffIdOf } from './entry.ts';
import { changesOf, type ShownChange } from './fields.ts';
import { isGap, skipsOf, type Told } from './gap.ts';
import type { Streams } from './in-order.ts';
import { type RequestedPoint, type PointInTime, pointInTimeOf } from './point-in-time.ts';
import { type Names, namesAt } from './names.ts';
import type { Subject } from './subject.ts';
import { type Step, foldEvents } from './fold-events.ts';

export interface HistoryQuery {
  readonly requested: RequestedPoint;
  readonly now: Date;
  readonly layers: LayerAccess;
  /** At most so many events, the last ones up to the point in time; reports about their delivery do not count. */
  readonly limit: number;
  /** From `nextCursor`: gives the events before. */
  readonly cursor?: string | undefined;
}

export interface History<Shown> {
  readonly shown: Shown;
  /** The time that was asked for, or the time of the event that made the revision. */
  readonly at: Date;
  /** Of the subject's own stream. */
  readonly revision: number;
  /** Oldest first. */
  readonly events: readonly HistoryEvent[];
  readonly nextCursor: string | null;
}

/**
 * @returns null when the subject did not exist then, or has no such revision
 * An event that cannot be read is a gap of its own among the events, and the state is without it.
 * @throws InvalidCursor, StoreUnavailable, StreamNotWhole
 */
export async function historyOf<State extends { readonly revision: bigint }, Shown extends object>(
  store: Streams,
  subject: Subject<State, Shown>,
  { requested, now, layers, limit, cursor }: HistoryQuery,
): Promise<History<Shown> | null> {
  const before = readPlace('history', cursor);
  const point = await pointInTimeOf(store, subject.stream, requested, now);
  if (!point) return null;
  const page = { point, limit, ...(before !== undefined && { before }) };
  const { state, steps, more } = await foldEvents(store, subject.streams, subject.fold, page);
  const related = await relatedEvents(store, subject, steps, point);
  const names = await namesOf(store, subject, point, state, steps, related);
  const shown = subject.shown(state, point.at, names);
  if (!shown) return null;
  const entries = [
    ...steps.map((step) => ({ event: step.event, changes: changedBy(subject, step, names) })),
    ...related.map((event) => ({ event, changes: [] })),
  ].sort((a, b) => (a.event.position < b.event.position ? -1 : 1));
  const skips = await skipsOf(
    store,
    entries.map(({ event }) => event),
  );
  return {
    shown,
    at: point.at,
    revision: Number(state.revision),
    events: entriesOf(entries, point.at, names, layers, skips),
    nextCursor: more ? writeCursor('history', [firstOf(steps)]) : null,
  };
}

const firstOf = (steps: readonly Step<unknown>[]): Position => steps[0]?.event.position ?? BEHIND_ALL;

/** What channels reported about the messages among these steps, up to the point in time. */
async function relatedEvents<State, Shown extends object>(
  store: Streams,
  subject: Subject<State, Shown>,
  steps: readonly Step<State>[],
  point: PointInTime,
): Promise<readonly Told[]> {
  const fold = { initial: null, evolve: () => null, passOver: () => null };
  const streams = steps.flatMap(({ event }) => (isGap(event) ? [] : subject.relatedStreams(event)));
  const folded = await Promise.all(
    streams.map((stream) => foldEvents(store, [stream], fold, { point, limit: Infinity })),
  );
  return folded.flatMap((each) => each.steps.map(({ event }) => event));
}

function namesOf<State, Shown extends object>(
  store: Streams,
  subject: Subject<State, Shown>,
  point: PointInTime,
  state: State,
  steps: readonly Step<State>[],
  related: readonly Told[],
): Promise<Names> {
  return namesAt(store, point, [
    ...subject.people(state),
    ...steps.flatMap(({ event, before, after }) => [
      staffIdOf(event),
      ...subject.people(before),
      ...subject.people(after),
    ]),
    ...related.map(staffIdOf),
  ]);
}

/** What one event changed. Both sides are shown at the time of the event, so that time alone changes nothing. */
export function changedBy<State, Shown extends object>(
  subject: Subject<State, Shown>,
  { event, before, after }: Step<State>,
  names: Names,
): readonly ShownChange[] {
  if (isGap(event)) return [];
  const at = new Date(event.metadata.at);
  const fieldsAt = (state: State) => {
    const shown = subject.shown(state, at, names);
    return shown ? subject.fields(shown) : {};
  };
  return changesOf(fieldsAt(before), fieldsAt(after));
}
