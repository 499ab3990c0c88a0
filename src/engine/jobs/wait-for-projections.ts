/** What a scheduled job does first: it decides by the read tables, so these must show what has happened. */
import type { EventStore } from '../../ports.ts';
import type { ProjectionStatus } from '../projections/projection-status.ts';

export interface WaitForProjectionsDeps {
  readonly store: Pick<EventStore, 'head'>;
  readonly projectionStatus: Pick<ProjectionStatus, 'waitFor' | 'status'>;
}

/** @returns whether these views show what had happened by now, or came to within `patienceMs` */
export async function projectionsCaughtUp(
  { store, projectionStatus }: WaitForProjectionsDeps,
  names: readonly string[],
  patienceMs: number,
): Promise<boolean> {
  const head = await store.head();
  if (await projectionStatus.waitFor(head, patienceMs)) return true;
  const views = (await projectionStatus.status()).filter(({ view }) => names.includes(view));
  return views.length === names.length && views.every(({ position }) => position >= head);
}

/** @throws Error when these views did not catch up: the job would act twice on the same state, or on an old one */
export async function waitForProjections(
  deps: WaitForProjectionsDeps,
  names: readonly string[],
  patienceMs: number,
): Promise<void> {
  if (!(await projectionsCaughtUp(deps, names, patienceMs))) throw new Error('the read tables are behind');
}
