/** The checks of queue and idle tickets, as the scheduler runs them. */
import type { RaiseAlert } from '../commands/raise-alert.ts';
import type { EventStore } from '../ports.ts';
import type { Progress } from '../projections/progress.ts';
import { checkIdle } from './idle-tickets.ts';
import { checkQueue, type QueueAlertsDeps } from './queue-alerts.ts';
import type { ScheduledJob } from './scheduler.ts';

export interface AlertJobsDeps extends Omit<QueueAlertsDeps, 'raiseAlert'> {
  readonly raiseAlert: RaiseAlert;
  readonly store: Pick<EventStore, 'head'>;
  readonly progress: Pick<Progress, 'waitFor' | 'status'>;
  readonly idleAfterHours: number;
  /** IANA name. */
  readonly timezone: string;
}

/** The views that the checks look at. */
const LOOKED_AT: ReadonlySet<string> = new Set(['alerts', 'inbox', 'users']);
const PATIENCE_MS = 3_000;

/** @throws Error when the views did not catch up: what they show could be told twice, or no longer be true */
async function caughtUp({ store, progress }: AlertJobsDeps): Promise<void> {
  const head = await store.head();
  if (await progress.waitFor(head, PATIENCE_MS)) return;
  const views = (await progress.status()).filter(({ view }) => LOOKED_AT.has(view));
  if (views.length < LOOKED_AT.size || views.some(({ position }) => position < head))
    throw new Error('the read tables are behind');
}

export function alertJobs(deps: AlertJobsDeps): readonly ScheduledJob[] {
  const { timezone } = deps;
  return [
    {
      name: 'queue-alerts',
      cron: '* * * * *',
      timezone,
      kind: 'check',
      run: async () => {
        await caughtUp(deps);
        await checkQueue(deps);
      },
    },
    {
      name: 'idle-tickets',
      cron: '*/5 * * * *',
      timezone,
      kind: 'check',
      run: async () => {
        await caughtUp(deps);
        await checkIdle(deps);
      },
    },
  ];
}
