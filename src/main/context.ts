import { Registry } from 'prom-client';
import { createBlindIndex } from '../adapters/security/blind-index.ts';
import { systemClock, uuids } from '../adapters/clock.ts';
import { fanoutFor } from '../adapters/cluster/fanout.ts';
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
import { createProgress } from '../engine/projections/projection-status.ts';
import { observeJobs, observePools, observeQueues, observeViews } from './metrics/store-metrics.ts';
import { type Stores } from './wiring/stores.ts';

/** What more than one of API, projections and jobs needs, made once per process. */

/** What more than one of API, projections and jobs needs. */
export async function shared(
  config: Config,
  secrets: Secrets,
  log: Logger,
  stores: Stores,
  closing: Closing,
) {
  const { databaseUrl, events, postgres } = stores;
  const clock = systemClock;
  const ids = uuids;
  const registry = new Registry();
  const cached = createCacheMetrics(registry);
  const fanout = fanoutFor({ redisUrl: config.REDIS_URL, databaseUrl, logger: log });
  closing.push(() => fanout.close());
  const webhookInbox = createWebhookInbox({ url: databaseUrl, fanout, logger: log });
  closing.push(() => webhookInbox.close());
  const progress = createProgress({ store: events, write: postgres.writes, fanout, clock });
  closing.push(() => {
    progress.close();
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
  });
  const leases = createLeases({ url: databaseUrl, logger: log });
  observeProcess(registry);
  observeViews(registry, progress);
  observeJobs(registry, postgres.writes, events);
  observeQueues(registry, { inbox: webhookInbox, tables: postgres.writes, clock });
  observePools(registry, () => postgres.use());
  return {
    config,
    secrets,
    log,
    stores,
    clock,
    ids,
    registry,
    cached,
    fanout,
    files: createFiles(config.FILES_DIR),
    webhookInbox,
    progress,
    blindIndex,
    passwords,
    commands,
    leases,
  };
}

export type Parts = Awaited<ReturnType<typeof shared>>;

export type Closing = (() => Promise<void> | void)[];
