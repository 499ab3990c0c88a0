/** Wires the scheduler and the jobs that it starts at clock times. */
import { createSchedule } from '../../adapters/operational/schedule.ts';
import { divisionAggregate } from '../../domain/settings/division.ts';
import { openAt } from '../../domain/settings/office-hours.ts';
import { forgetOld } from '../../commands/chat/forget-old.ts';
import { chatRetention } from '../../jobs/chat/chat-retention.ts';
import { invoiceJobs } from '../../jobs/invoices/invoice-jobs.ts';
import { ratingReminders } from '../../jobs/ratings/rating-requests.ts';
import { alertJobs } from '../../jobs/notifications/alert-jobs.ts';
import { visitJobs } from '../../jobs/field-jobs/visit-jobs.ts';
import { followUpJob } from '../../jobs/follow-ups/follow-up-job.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import { createScheduler } from '../../engine/jobs/scheduler.ts';
import type { ProgramContext } from '../context.ts';
import { firstSealJob, sealJob } from './seals.ts';
import { eraseCustomerOf } from './erasure.ts';
import { storeAlarmOf } from './store-alarm.ts';

export function schedulerOf(context: ProgramContext): Job {
  const { commands, config, leases, log, stores, clock, ids, projectionStatus, seals } = context;
  const { writes } = stores.postgres;
  const schedule = createSchedule(writes);
  const timezone = config.BUSINESS_TIMEZONE;
  if (seals === null) log.warn({}, 'SEAL_KEY is not set: the history is not sealed (docs/audit.md)');
  return createScheduler({
    schedule,
    leases,
    clock,
    log,
    jobs: [
      ...alertJobs({
        store: stores.events,
        projectionStatus,
        tables: writes,
        raiseAlert: commands.raiseAlert,
        alarm: storeAlarmOf(context),
        clock,
        idleAfterHours: config.IDLE_AFTER_HOURS,
        timezone,
        isOpen: async (division, at) => {
          const { hours } = await commands.handler.load(divisionAggregate, division);
          const active = hours.filter(({ isActive }) => isActive);
          return openAt(active, timezone)(at);
        },
      }),
      ...visitJobs({
        store: stores.events,
        projectionStatus,
        tables: writes,
        commands,
        missedVisits: commands.missedVisits,
        clock,
        ids,
        log,
        noShowMinutes: config.NO_SHOW_MINUTES,
        timezone,
      }),
      ...invoiceJobs({ tables: writes, invoices: commands.invoices, clock, timezone }),
      ratingReminders({ tables: writes, remind: commands.ratings.remind, clock, timezone }),
      followUpJob(
        {
          store: stores.events,
          projectionStatus,
          tables: writes,
          recommend: commands.recommend,
          log,
          timezone,
        },
        config.FOLLOWUP_CRON,
      ),
      chatRetention({
        tables: writes,
        forgetOld: forgetOld({
          ...context,
          handler: commands.handler,
          eraseCustomer: eraseCustomerOf(context),
        }),
        log,
        timezone,
        days: config.CHAT_RETENTION_DAYS,
      }),
      ...(seals === null ? [] : [sealJob(seals, log), firstSealJob(seals, schedule, log)]),
    ],
  });
}
