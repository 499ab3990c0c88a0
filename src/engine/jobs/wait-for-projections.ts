/** What a job on a clock does first: it looks at read tables, which must show what has happened. */
import type { EventStore } from '../../ports.ts';
import type { Progress } from '../projections/projection-status.ts';

export interface CatchUpDeps {
  readonly store: Pick<EventStore, 'head'>;
  readonly progress: Pick<Progress, 'waitFor' | 'status'>;
}

/** @returns whether these views show what had happened by now, or came to within `patienceMs` */
export async function areCaughtUp(
  { store, progress }: CatchUpDeps,
  names: readonly string[],
  patienceMs: number,
): Promise<boolean> {
  const head = await store.head();
  if (await progress.waitFor(head, patienceMs)) return true;
  const views = (await progress.status()).filter(({ view }) => names.includes(view));
  return views.length === names.length && views.every(({ position }) => position >= head);
}

/** @throws Error when these views did not catch up: what they show could be told twice, or no longer be true */
export async function caughtUp(
  deps: CatchUpDeps,
  names: readonly string[],
  patienceMs: number,
): Promise<void> {
  if (!(await areCaughtUp(deps, names, patienceMs))) throw new Error('the read tables are behind');
}
