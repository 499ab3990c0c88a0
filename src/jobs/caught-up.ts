/** What a job on a clock does first: it looks at read tables, which must show what has happened. */
import type { EventStore } from '../ports.ts';
import type { Progress } from '../projections/progress.ts';

export interface CatchUpDeps {
  readonly store: Pick<EventStore, 'head'>;
  readonly progress: Pick<Progress, 'waitFor' | 'status'>;
}

/** @throws Error when these views did not catch up: what they show could be told twice, or no longer be true */
export async function caughtUp(
  { store, progress }: CatchUpDeps,
  names: readonly string[],
  patienceMs: number,
): Promise<void> {
  const head = await store.head();
  if (await progress.waitFor(head, patienceMs)) return;
  const views = (await progress.status()).filter(({ view }) => names.includes(view));
  if (views.length < names.length || views.some(({ position }) => position < head))
    throw new Error('the read tables are behind');
}
