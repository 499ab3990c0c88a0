/** Once a night: visitors of the web chat whose time is over are erased (docs/design/chat.md#retention). */
import type { forgetOld } from '../../commands/chat/forget-old.ts';
import type { ScheduledJob } from '../../engine/jobs/scheduler.ts';
import type { Logger, WriteStore } from '../../ports.ts';
import { oldTalks } from '../../projections/chat/old-talks.ts';

/** Of one night: the next one goes on. */
const MOST = 1_000;
const DAY_MS = 24 * 3_600_000;

export interface ChatRetentionDeps {
  readonly tables: Pick<WriteStore, 'query'>;
  readonly forgetOld: ReturnType<typeof forgetOld>;
  readonly log: Logger;
  /** IANA name. */
  readonly timezone: string;
  readonly days: number;
}

export const chatRetention = ({
  tables,
  forgetOld: forget,
  log,
  timezone,
  days,
}: ChatRetentionDeps): ScheduledJob => ({
  name: 'chat-retention',
  // After the night's recommendations.
  cron: '30 2 * * *',
  timezone,
  kind: 'check',
  run: async (due, signal) => {
    const before = new Date(due.getTime() - days * DAY_MS).toISOString();
    let erased = 0;
    for (const talk of await oldTalks(tables, before, MOST)) {
      if (signal.aborted) return;
      if (await forget(talk, before)) erased += 1;
    }
    if (erased > 0)
      log.info({ job: 'chat-retention', erased }, 'talks of the web chat were older than they may be');
  },
});
