/** How far each view is and how fast it goes, for people and for tools. */
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore, Position } from '../../../ports.ts';
import type { ParkedSummary } from '../parked-events.ts';
import type { ProjectionStatus } from '../projection-status.ts';

export interface ViewReport {
  readonly view: string;
  /** wrong store: built from another event store, or from a later state of this one. */
  readonly state: 'running' | 'stopped' | 'wrong store';
  readonly position: Position;
  /** Events it has not looked at yet; a store that cannot count further says MOST_BEHIND. */
  readonly lagEvents: number;
  /** Age of the last event in it while it is behind. */
  readonly lagSeconds: number;
  /** Events per second while it was watched. */
  readonly rate: number;
  /** Until it has caught up, if it and the others go on as they did; null: it is not getting nearer. */
  readonly etaSeconds: number | null;
  readonly stoppedAtEvent: string | null;
  readonly stoppedBecause: string | null;
  /** What it holds back while it goes on with everything else. */
  readonly parked: ParkedSummary | null;
}

/** Looks twice, `watchMs` apart. @throws StoreUnavailable */
export async function reportViews(
  store: Pick<EventStore, 'behind'>,
  projectionStatus: Pick<ProjectionStatus, 'status'>,
  watchMs = 1_000,
): Promise<readonly ViewReport[]> {
  const before = await projectionStatus.status();
  await delay(watchMs);
  const after = await projectionStatus.status();
  const seconds = watchMs / 1000;
  return Promise.all(
    after.map(async (one) => {
      const { view, position, lagSeconds, stoppedAtEvent, stoppedBecause, parked } = one;
      const start = before.find((other) => other.view === view)?.position ?? position;
      const [lag, fromStart] = [await store.behind(position), await store.behind(start)];
      const lagEvents = Math.max(0, lag);
      const rate = one.wrongStore ? 0 : Math.max(0, fromStart - lag) / seconds;
      return {
        view,
        state: one.wrongStore ? 'wrong store' : one.state,
        position,
        lagEvents,
        lagSeconds,
        rate,
        etaSeconds: lagEvents === 0 ? 0 : rate > 0 ? lagEvents / rate : null,
        stoppedAtEvent,
        stoppedBecause,
        parked,
      } as const;
    }),
  );
}
