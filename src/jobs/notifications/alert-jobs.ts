/** The checks of queued and idle tickets, as scheduled jobs. */
import type { RaiseAlert } from '../../commands/notifications/raise-alert.ts';
import { waitForProjections, type WaitForProjectionsDeps } from '../../engine/jobs/wait-for-projections.ts';
import { checkIdle } from './idle-tickets.ts';
import { checkParked } from './parked-streams.ts';
import { alarmOfStreams, type StoreAlarmDeps } from './store-alarm.ts';
import { checkQueue, type QueueAlertsDeps } from './queue-alerts.ts';
import type { ScheduledJob } from '../../engine/jobs/scheduler.ts';

export interface AlertJobsDeps extends Omit<QueueAlertsDeps, 'raiseAlert'>, WaitForProjectionsDeps {
  readonly raiseAlert: RaiseAlert;
  readonly alarm: StoreAlarmDeps;
  readonly idleAfterHours: number;
  /** IANA name. */
  readonly timezone: string;
}

/** The views that the checks read. */
const READ_VIEWS = ['alerts', 'inbox', 'users'];
const PATIENCE_MS = 3_000;

export function alertJobs(deps: AlertJobsDeps): readonly ScheduledJob[] {
  const { timezone } = deps;
  return [
    {
      name: 'queue-alerts',
      cron: '* * * * *',
      timezone,
      kind: 'check',
      run: async () => {
        await waitForProjections(deps, READ_VIEWS, PATIENCE_MS);
        await checkQueue(deps);
      },
    },
    {
      name: 'idle-tickets',
      cron: '*/5 * * * *',
      timezone,
      kind: 'check',
      run: async () => {
        await waitForProjections(deps, READ_VIEWS, PATIENCE_MS);
        await checkIdle(deps);
      },
    },
    {
      name: 'parked-streams',
      cron: '* * * * *',
      timezone,
      kind: 'check',
      run: () => checkParked(deps),
    },
    {
      name: 'streams-not-whole',
      cron: '* * * * *',
      timezone,
      kind: 'check',
      run: () => alarmOfStreams(deps.alarm, deps.tables),
    },
  ];
}
