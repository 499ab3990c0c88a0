/** Folds streams up to a point in time, and keeps the last steps. */
import type { Recorded } from '../../../domain/codec.ts';
import type { Position } from '../../../ports.ts';
import { isGap, type Gap, type Told } from './gap.ts';
import { inOrder, type Streams } from './in-order.ts';
import type { PointInTime } from './point-in-time.ts';

export interface Fold<State> {
  readonly initial: State;
  /** Pure; the same object when the event changed nothing. */
  evolve(state: State, event: Recorded): State;
  /** What is known after an event that cannot be read: that there was one. */
  passOver(state: State, gap: Gap): State;
}

/** One event, and the state before and after it. */
export interface Step<State> {
  readonly event: Told;
  readonly before: State;
  readonly after: State;
}

export interface FoldedEvents<State> {
  readonly state: State;
  /** The last steps up to the point in time, oldest first. */
  readonly steps: readonly Step<State>[];
  /** There are earlier steps. */
  readonly more: boolean;
}

/**
 * The state is folded from all events up to the point in time; `limit` and `before` only choose the steps.
 * @param limit how many steps are kept
 * @param before only steps at smaller positions are kept, for an earlier page
 * @throws StoreUnavailable, StreamNotWhole
 */
export async function foldEvents<State>(
  store: Streams,
  streams: readonly string[],
  { initial, evolve, passOver }: Fold<State>,
  {
    point,
    limit,
    before,
  }: { readonly point: PointInTime; readonly limit: number; readonly before?: Position },
): Promise<FoldedEvents<State>> {
  let state = initial;
  let stateAtPoint = initial;
  const steps: Step<State>[] = [];
  // These belong to the point in time only if a later event does: everything before such an event counts.
  const open: Step<State>[] = [];
  for await (const event of inOrder(store, streams)) {
    const after = isGap(event) ? passOver(state, event) : evolve(state, event);
    if (before === undefined || event.position < before) open.push({ event, before: state, after });
    // One more than the limit shows that there are more.
    if (open.length > limit + 1) open.shift();
    state = after;
    if (!point.includes(event)) continue;
    stateAtPoint = state;
    steps.push(...open.splice(0));
    if (steps.length > limit + 1) steps.splice(0, steps.length - limit - 1);
  }
  const more = steps.length > limit;
  return { state: stateAtPoint, steps: more ? steps.slice(1) : steps, more };
}
