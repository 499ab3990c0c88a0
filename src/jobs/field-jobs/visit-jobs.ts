/** What the clock does about visits, as scheduled jobs. */
import { waitForProjections, type WaitForProjectionsDeps } from '../../engine/jobs/wait-for-projections.ts';
import type { ScheduledJob } from '../../engine/jobs/scheduler.ts';
import { type SweeperDeps, sweepReservations } from '../capacity/reservation-sweeper.ts';
import { checkVisits, type NoShowDeps } from './no-show.ts';

export interface VisitJobsDeps extends NoShowDeps, SweeperDeps, WaitForProjectionsDeps {
  /** IANA name. */
  readonly timezone: string;
}

const PATIENCE_MS = 3_000;

export function visitJobs(deps: VisitJobsDeps): readonly ScheduledJob[] {
  const each = (name: string, views: readonly string[], look: () => Promise<void>): ScheduledJob => ({
    ...{ name, cron: '* * * * *', timezone: deps.timezone, kind: 'check' },
    run: async () => {
      await waitForProjections(deps, views, PATIENCE_MS);
      await look();
    },
  });
  return [
    each('no-show', ['visits', 'users'], () => checkVisits(deps)),
    each('reservation-sweeper', ['visits', 'capacity'], () => sweepReservations(deps)),
  ];
}
