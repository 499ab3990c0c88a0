/** The history of one thing: as it was at a moment, and what happened up to then (issue 6, 1; contract.md 4). */
import type { Recorded } from '../../../domain/codec.ts';
import type { Position } from '../../../ports.ts';
import { BEHIND_ALL, readPlace, writeCursor } from '../../../engine/sql/keyset-pages.ts';
import { actorOf, entryOf, type HistoryEvent, type Sight } from './entry.ts';
import { changesOf, type FieldChange } from './fields.ts';
import type { Streams } from './in-order.ts';
import { type Asked, type PointInTime, pointInTimeOf } from './point-in-time.ts';
import { type Names, namesAt } from './names.ts';
import type { Subject } from './subject.ts';
import { type Step, walk } from './fold-events.ts';

export interface HistoryQuery {
  readonly asked: Asked;
  readonly now: Date;
  readonly sight: Sight;
  /** So many events, the last ones up to the moment; steps of their deliveries come on top. */
  readonly limit: number;
  /** From `nextCursor`: the events before those. */
  readonly cursor?: string | undefined;
}

export interface History<Shown> {
  readonly then: Shown;
  /** The moment: of the clock, or of the event that made the revision. */
  readonly at: Date;
  /** Of its own stream. */
  readonly revision: number;
  /** Oldest first. */
  readonly events: readonly HistoryEvent[];
  readonly nextCursor: string | null;
}

/**
 * @returns null when it was not there then, or never had that revision
 * @throws InvalidCursor, StoreUnavailable, UndecodableEvent
 */
export async function historyOf<State extends { readonly revision: bigint }, Shown extends object>(
  store: Streams,
  subject: Subject<State, Shown>,
  { asked, now, sight, limit, cursor }: HistoryQuery,
): Promise<History<Shown> | null> {
  const before = readPlace('history', cursor);
  const moment = await pointInTimeOf(store, subject.stream, asked, now);
  if (!moment) return null;
  const page = { moment, limit, ...(before !== undefined && { before }) };
  const { state, steps, more } = await walk(store, subject.streams, subject.fold, page);
  const beside = await besideOf(store, subject, steps, moment);
  const names = await namesOf(store, subject, moment, state, steps, beside);
  const then = subject.shown(state, moment.at, names);
  if (!then) return null;
  const told = [
    ...steps.map((step) => ({ event: step.event, changes: changedBy(subject, step, names) })),
    ...beside.map((event) => ({ event, changes: [] })),
  ].sort((a, b) => (a.event.position < b.event.position ? -1 : 1));
  return {
    then,
    at: moment.at,
    revision: Number(state.revision),
    events: told.map(({ event, changes }) => entryOf(event, changes, names, sight)),
    nextCursor: more ? writeCursor('history', [firstOf(steps)]) : null,
  };
}

const firstOf = (steps: readonly Step<unknown>[]): Position => steps[0]?.event.position ?? BEHIND_ALL;

/** What happened to the messages among these steps, up to the moment. */
async function besideOf<State, Shown extends object>(
  store: Streams,
  subject: Subject<State, Shown>,
  steps: readonly Step<State>[],
  moment: PointInTime,
): Promise<readonly Recorded[]> {
  const fold = { initial: null, evolve: () => null };
  const streams = steps.flatMap(({ event }) => subject.beside(event));
  const walked = await Promise.all(
    streams.map((stream) => walk(store, [stream], fold, { moment, limit: Infinity })),
  );
  return walked.flatMap((each) => each.steps.map(({ event }) => event));
}

function namesOf<State, Shown extends object>(
  store: Streams,
  subject: Subject<State, Shown>,
  moment: PointInTime,
  state: State,
  steps: readonly Step<State>[],
  beside: readonly Recorded[],
): Promise<Names> {
  return namesAt(store, moment, [
    ...subject.people(state),
    ...steps.flatMap(({ event, before, after }) => [
      actorOf(event),
      ...subject.people(before),
      ...subject.people(after),
    ]),
    ...beside.map(actorOf),
  ]);
}

/** What one event changed. Time alone changes nothing here: both sides are looked at in the moment of the event. */
export function changedBy<State, Shown extends object>(
  subject: Subject<State, Shown>,
  { event, before, after }: Step<State>,
  names: Names,
): readonly FieldChange[] {
  const at = new Date(event.metadata.at);
  const fieldsAt = (state: State) => {
    const shown = subject.shown(state, at, names);
    return shown ? subject.fields(shown) : {};
  };
  return changesOf(fieldsAt(before), fieldsAt(after));
}
