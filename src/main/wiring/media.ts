/** Wires the jobs that ask channels: for the files that customers send, and for who writes. */
import { channelHttp } from '../../adapters/channels/http.ts';
import { createJobCheckpoints } from '../../adapters/operational/job-checkpoints.ts';
import { createMediaQuota } from '../../adapters/operational/media-quota.ts';
import { mediaSourcesOf, nameSourcesOf } from '../../channels/registry.ts';
import type { Config } from '../../config.ts';
import { calendarOf } from '../../domain/time/calendar.ts';
import type { WriteStore } from '../../ports.ts';
import { finishMerge } from '../../commands/customers/merge.ts';
import { nameCustomer, unnamedCustomer } from '../../commands/customers/name-customer.ts';
import { recordMedia } from '../../commands/media/record-media.ts';
import { createCustomerMerges } from '../../jobs/customers/merges.ts';
import { createCustomerNames } from '../../jobs/customers/names.ts';
import { createMediaJob } from '../../jobs/media/media.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import { createScanMetrics } from '../metrics/scan-metrics.ts';
import type { ProgramContext } from '../context.ts';

/** Counts what each customer's media took on a day. */
export const mediaQuotaOf = (
  config: Pick<Config, 'MEDIA_DAILY_FILES' | 'MEDIA_DAILY_MB'>,
  writes: Pick<WriteStore, 'query'>,
): ReturnType<typeof createMediaQuota> =>
  createMediaQuota(writes, { files: config.MEDIA_DAILY_FILES, bytes: config.MEDIA_DAILY_MB * 1_000_000 });

export function mediaOf({
  config,
  stores,
  commands,
  leases,
  clock,
  log,
  files,
  skipped,
  scanner,
  registry,
}: ProgramContext): Job {
  return createMediaJob({
    store: stores.events,
    record: recordMedia({ handler: commands.handler, clock }),
    checkpoints: createJobCheckpoints(stores.postgres.writes),
    leases,
    clock,
    log,
    skipped,
    files,
    handler: commands.handler,
    quota: mediaQuotaOf(config, stores.postgres.writes),
    calendar: calendarOf(config.BUSINESS_TIMEZONE),
    maxBytes: config.MEDIA_MAX_MB * 1_000_000,
    scanner,
    observer: createScanMetrics(registry),
    sources: mediaSourcesOf({ config, http: channelHttp }),
  });
}

export const customerMergesOf = ({
  stores,
  commands: { handler },
  blindIndex,
  leases,
  log,
  skipped,
}: ProgramContext): Job =>
  createCustomerMerges({
    store: stores.events,
    finish: (customerKey, eventContext) => finishMerge({ handler, blindIndex }, customerKey, eventContext),
    checkpoints: createJobCheckpoints(stores.postgres.writes),
    leases,
    log,
    skipped,
  });

export function customerNamesOf({
  config,
  stores,
  commands: { handler },
  leases,
  clock,
  log,
  skipped,
}: ProgramContext): Job {
  return createCustomerNames({
    store: stores.events,
    unnamed: unnamedCustomer({ handler }),
    nameCustomer: nameCustomer({ handler, clock }),
    checkpoints: createJobCheckpoints(stores.postgres.writes),
    leases,
    clock,
    log,
    skipped,
    sources: nameSourcesOf({ config, http: channelHttp }),
  });
}
