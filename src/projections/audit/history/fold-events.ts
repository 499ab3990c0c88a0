/** Folds streams up to a moment, and remembers the last steps on the way. */
import type { Recorded } from '../../../domain/codec.ts';
import type { Position } from '../../../ports.ts';
import { inOrder, type Streams } from './in-order.ts';
import type { PointInTime } from './point-in-time.ts';

export interface Fold<State> {
  readonly initial: State;
  /** Pure; the same object when the event changed nothing. */
  evolve(state: State, event: Recorded): State;
}

export interface Step<State> {
  readonly event: Recorded;
  readonly before: State;
  readonly after: State;
}

export interface Walked<State> {
  readonly state: State;
  /** The last steps up to the moment, oldest first. */
  readonly steps: readonly Step<State>[];
  /** There are steps before these. */
  readonly more: boolean;
}

/**
 * @param limit so many steps are kept; the state is folded from all events whatever the limit
 * @param before only steps at smaller positions are kept: the page before a page
 * @throws StoreUnavailable, UndecodableEvent
 */
export async function walk<State>(
  store: Streams,
  streams: readonly string[],
  { initial, evolve }: Fold<State>,
  {
    moment,
    limit,
    before,
  }: { readonly moment: PointInTime; readonly limit: number; readonly before?: Position },
): Promise<Walked<State>> {
  let state = initial;
  let then = initial;
  const steps: Step<State>[] = [];
  // Steps of which it is not known yet whether an event of the moment follows them.
  const open: Step<State>[] = [];
  for await (const event of inOrder(store, streams)) {
    const after = evolve(state, event);
    if (before === undefined || event.position < before) open.push({ event, before: state, after });
    // One more than wanted tells that there are more.
    if (open.length > limit + 1) open.shift();
    state = after;
    if (!moment.holds(event)) continue;
    then = state;
    steps.push(...open.splice(0));
    if (steps.length > limit + 1) steps.splice(0, steps.length - limit - 1);
  }
  const more = steps.length > limit;
  return { state: then, steps: more ? steps.slice(1) : steps, more };
}
