import { invoiceSettings } from '../commands/invoices/invoice-settings.ts';
import { DEFAULT_SERVICES } from '../domain/field-jobs/services.ts';
import { Registry } from 'prom-client';
import { createBlindIndex } from '../adapters/security/blind-index.ts';
import { systemClock, uuids } from '../adapters/clock.ts';
import { pubSubFor } from '../adapters/cluster/pub-sub.ts';
import { createClamd } from '../adapters/clamd/clamd.ts';
import { createFiles } from '../adapters/files/files.ts';
import { createLeases } from '../adapters/cluster/leases.ts';
import { createPasswords } from '../adapters/security/passwords.ts';
import type { Secrets } from '../adapters/security/secrets.ts';
import { createWebhookInbox } from '../adapters/operational/webhook-inbox.ts';
import { createCommands } from '../commands/commands.ts';
import type { Config } from '../config.ts';
import { createCommandMetrics, observeProcess } from './metrics/command-metrics.ts';
import { createCacheMetrics } from '../http/framework/server/http-metrics.ts';
import type { Logger } from '../ports.ts';
import { createSkippedEvents } from '../engine/jobs/skipped-events.ts';
import { alarmSuperAdmins } from '../jobs/notifications/store-alarm.ts';
import { createGuardedLeases } from '../engine/store-identity/guarded-store.ts';
import { createProjectionStatus } from '../engine/projections/projection-status.ts';
import { createSkippedMetric } from './metrics/job-metrics.ts';
import {
  observeJobs,
  observePools,
  observeQueues,
  observeStore,
  observeViews,
} from './metrics/store-metrics.ts';
import { createSealMetrics } from './metrics/seal-metrics.ts';
import { sealsOf } from './wiring/seals.ts';
import { pushOf } from './wiring/vapid.ts';
import { storeAlarmOf } from './wiring/store-alarm.ts';
import { type Stores } from './wiring/stores.ts';

/** What more than one of API, projections and jobs needs, created once per process. */

/** What more than one of API, projections and jobs needs. */
export async function createContext(
  config: Config,
  secrets: Secrets,
  log: Logger,
  stores: Stores,
  closing: CloseSteps,
) {
  const { databaseUrl, events, postgres } = stores;
  const clock = systemClock;
  const ids = uuids;
  const registry = new Registry();
  const cached = createCacheMetrics(registry);
  const pubSub = pubSubFor({ redisUrl: config.REDIS_URL, databaseUrl, logger: log });
  closing.push(() => pubSub.close());
  const webhookInbox = createWebhookInbox({ url: databaseUrl, pubSub, logger: log });
  closing.push(() => webhookInbox.close());
  const projectionStatus = createProjectionStatus({ store: events, write: postgres.writes, pubSub, clock });
  closing.push(() => {
    projectionStatus.close();
  });
  const skipped = createSkippedEvents({ pubSub, log, counted: createSkippedMetric(registry) });
  closing.push(() => {
    skipped.close();
  });
  const blindIndex = createBlindIndex(secrets.BLIND_INDEX_KEY);
  const passwords = await createPasswords();
  const commands = createCommands({
    store: events,
    clock,
    ids,
    passwords,
    blindIndex,
    observer: createCommandMetrics(registry, cached),
    replyWithin: config.RESPONSE_TIMEOUT_MINUTES ?? null,
    blastDelayMs: config.BLAST_DELAY_MS,
    exportTtlMinutes: config.EXPORT_TTL_MINUTES,
    temporaryPasswordDays: config.TEMPORARY_PASSWORD_DAYS,
    jobsPerDay: config.JOBS_PER_DAY,
    geofence: config.GEOFENCE,
    services: config.SERVICES,
    invoicing: invoiceSettings(
      {
        rates: config.TAX_RATES,
        dueDays: config.INVOICE_DUE_DAYS,
        discountLimitPct: config.INVOICE_DISCOUNT_LIMIT,
        services: config.SERVICES ?? DEFAULT_SERVICES,
      },
      config.BUSINESS_TIMEZONE,
    ),
    links: {
      base: (config.PUBLIC_URL ?? `http://${config.HOST}:${String(config.PORT)}`).replace(/\/+$/, ''),
      invoiceTemplate: config.INVOICE_TEMPLATE ?? null,
      ratingTemplate: config.RATING_TEMPLATE ?? null,
    },
  });
  const leases = createGuardedLeases(createLeases({ url: databaseUrl, logger: log }), stores.guard);
  observeProcess(registry);
  observeViews(registry, projectionStatus);
  observeJobs(registry, postgres.writes, events);
  observeStore(registry, stores.guard);
  observeQueues(registry, { inbox: webhookInbox, tables: postgres.writes, clock });
  observePools(registry, () => postgres.use());
  const seals = sealsOf({ config, stores, clock, log, observer: createSealMetrics(registry, config, clock) });
  const context = {
    config,
    secrets,
    log,
    stores,
    clock,
    ids,
    registry,
    cached,
    pubSub,
    files: createFiles(config.FILES_DIR),
    scanner: config.CLAMD_ADDRESS ? createClamd(config.CLAMD_ADDRESS) : null,
    webhookInbox,
    projectionStatus,
    skipped,
    blindIndex,
    passwords,
    commands,
    leases,
    seals,
    push: pushOf(config, log),
  };
  stores.guard.connect({ pubSub, changed: (changeId) => alarmSuperAdmins(storeAlarmOf(context), changeId) });
  return context;
}

export type ProgramContext = Awaited<ReturnType<typeof createContext>>;

export type CloseSteps = (() => Promise<void> | void)[];
