import { staffDirectory } from '../commands/staff/staff-directory.ts';
/** The composition root: configuration -> stores -> commands and views -> HTTP, projections, jobs. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAccessJournal } from '../adapters/operational/access-journal.ts';
import { createIdempotencyKeys } from '../adapters/operational/idempotency-keys.ts';
import { createRateLimiter } from '../adapters/cluster/rate-limiter.ts';
import { createRedis } from '../adapters/cluster/redis.ts';
import type { Secrets } from '../adapters/security/secrets.ts';
import { createWriteProbe } from '../adapters/operational/write-probe.ts';
import { createChallenges } from '../adapters/operational/challenges.ts';
import { createStreamTickets } from '../adapters/operational/stream-tickets.ts';
import { createSessions } from '../adapters/operational/sessions.ts';
import { secondFactorOf } from './wiring/second-factor.ts';
import { refreshRuleOf } from './wiring/refresh-rule.ts';
import type { createCommands } from '../commands/commands.ts';
import type { Config } from '../config.ts';
import { decode } from '../domain/codec.ts';
import { createAccessAudit } from '../http/audit/access-audit.ts';
import { createApp } from '../http/app.ts';
import { createByteBudget } from '../http/framework/body-budget.ts';
import { companySite } from '../http/framework/server/company-site.ts';
import { dashboard } from '../http/framework/server/dashboard.ts';
import { createServer, drain } from '../http/framework/server/server.ts';
import { linesOf, webhookSecretsOf } from '../channels/registry.ts';
import { sharedDivisions } from '../channels/bot/form.ts';
import { replayDeadLetters } from '../http/webhook/replay.ts';
import { staffTelegramRouter } from '../http/webhook/staff-telegram.ts';
import { webhookRouter } from '../http/webhook/router.ts';
import type { Logger } from '../ports.ts';
import { createProcessMembership } from '../engine/cluster/process-membership.ts';
import { createReadYourWrites } from '../engine/projections/read-your-writes.ts';
import { createRunner } from '../engine/projections/runner.ts';
import { createViews } from '../projections/views.ts';
import { chatOf } from './web-chat.ts';
import { eraseCustomerOf } from './wiring/erasure.ts';
import { activityOf } from './presence.ts';
import { startJobs } from './wiring/jobs.ts';
import { startMetricsServer } from './metrics/metrics-server.ts';
import { operationsOf } from './operations.ts';
import { readinessOf } from './readiness.ts';
import { writableFirst } from './ready-to-write.ts';
import { cannotListen } from './start-error.ts';
import { openStores } from './wiring/stores.ts';
import { mediaQuotaOf } from './wiring/media.ts';
import { linesOfficeOf } from './lines.ts';
import { publicUrlOf, readReceiptsOf } from './wiring/outbound.ts';
import { staffBotOf, tappedOf, telegramLinksOf } from './staff-bot.ts';
import { devicesOf, startLive } from './wiring/notifications.ts';
import { staticFolder } from './static-folder.ts';
import { createContext, type ProgramContext, type CloseSteps } from './context.ts';

export interface Program {
  /** Where the API listens; null for a process without `api` in RUN. */
  readonly url: string | null;
  readonly commands: ReturnType<typeof createCommands>;
  /** Finishes running requests, stops at a checkpoint, closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts what RUN names, in this process.
 * @throws errors whose message says what to do: StartError, ConfigError, MigrationError, EmbeddedPostgresError, ...
 */
export async function startProgram(
  config: Config,
  secrets: Secrets,
  log: Logger,
  /** Done before any job or request sees the stores. */
  prepare?: (context: ProgramContext) => Promise<void>,
  /** E-mail addresses that the documentation offers to sign in with. */
  demoAccounts?: readonly string[],
): Promise<Program> {
  if (config.MIGRATE_DATABASE_URL !== undefined)
    log.warn(
      {},
      'MIGRATE_DATABASE_URL is for npm run migrate: take it out of the environment of the program',
    );
  const stores = await openStores(config, log);
  const closing: (() => Promise<void> | void)[] = [() => stores.close()];
  const stop = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) await step();
  };
  try {
    const context = await createContext(config, secrets, log, stores, closing);
    if (config.RUN.has('projections')) startProjections(context, closing);
    await prepare?.(context);
    if (config.RUN.has('jobs')) startJobs(context, closing);
    const url = config.RUN.has('api') ? await startApi(context, closing, demoAccounts) : null;
    // A process with the API serves its metrics there.
    if (url === null && config.METRICS_PORT !== undefined)
      closing.push(await startMetricsServer(config, context.registry));
    return { url, commands: context.commands, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startProjections(
  { config, stores, leases, pubSub, log }: ProgramContext,
  closing: CloseSteps,
): void {
  const runner = createRunner({
    store: stores.events,
    write: stores.postgres.writes,
    leases,
    pubSub,
    logger: log,
    views: createViews(config.BUSINESS_TIMEZONE),
    decode,
  });
  runner.start();
  closing.push(() => runner.stop());
}

async function startApi(
  context: ProgramContext,
  closing: CloseSteps,
  demoAccounts: readonly string[] | undefined,
): Promise<string> {
  const { config, secrets, log, stores, clock, ids, pubSub, projectionStatus, skipped } = context;
  const { reads, writes } = stores.postgres;
  const redis =
    config.REDIS_URL === undefined
      ? undefined
      : createRedis({ url: config.REDIS_URL, use: 'limits', logger: log });
  if (redis) {
    closing.push(() => {
      redis.destroy();
    });
  }
  const processes = createProcessMembership(pubSub);
  closing.push(() => {
    processes.close();
  });
  const readYourWrites = createReadYourWrites({ projectionStatus, pubSub, processes });
  closing.push(() => {
    readYourWrites.close();
  });
  const jwtSecret = new TextEncoder().encode(secrets.JWT_SECRET);
  const live = startLive(context, jwtSecret);
  closing.push(() => live.stop());
  const access = createAccessAudit({
    ...context,
    handler: context.commands.handler,
    journal: createAccessJournal(writes),
  });
  closing.push(() => access.close());
  const unauthenticatedBytes = createByteBudget();
  const writeProbe = createWriteProbe({
    url: stores.databaseUrl,
    ownStore: config.EVENTSTORE_URL === undefined,
    logger: log,
  });
  closing.push(() => writeProbe.close());
  const readReceipts = readReceiptsOf(context);
  closing.push(() => readReceipts.stop());
  const stopping = new AbortController();
  const links = telegramLinksOf(context);
  const app = createApp({
    ...context,
    readReceipts,
    lines: linesOfficeOf(context),
    eraseCustomer: eraseCustomerOf(context),
    ...chatOf(context),
    access,
    config: {
      jwtSecret,
      trustProxy: config.TRUST_PROXY,
      corsOrigins: config.CORS_ORIGINS,
      opsToken: config.OPS_TOKEN ?? null,
      rateLimitPerMinute: config.RATE_LIMIT_PER_MINUTE,
      loginLimitPerAccount: config.LOGIN_LIMIT_PER_ACCOUNT,
      loginLimitPerAddress: config.LOGIN_LIMIT_PER_ADDRESS,
      refreshLimitPerAddress: config.REFRESH_LIMIT_PER_ADDRESS,
      totpRequiredRoles: config.TOTP_REQUIRED_ROLES ?? new Set(),
      idleAfterHours: config.IDLE_AFTER_HOURS,
      publicUrl: config.PUBLIC_URL ?? null,
      slaMinutes: config.SLA_PICKUP_MINUTES,
      responseTimeoutMinutes: config.RESPONSE_TIMEOUT_MINUTES ?? null,
      exportWaitMs: config.EXPORT_WAIT_SECONDS * 1000,
      timezone: config.BUSINESS_TIMEZONE,
      sites: config.SITES,
      company: {
        name: config.COMPANY_NAME,
        address: config.COMPANY_ADDRESS ?? null,
        npwp: config.COMPANY_NPWP ?? null,
        bank: config.COMPANY_BANK ?? null,
      },
      waPublicNumbers: config.WA_PUBLIC_NUMBERS ?? new Map(),
    },
    demoAccounts,
    telegramLinks: links,
    stopping: stopping.signal,
    replayDeadLetters: (of) =>
      replayDeadLetters(
        {
          inbox: context.webhookInbox,
          lines: linesOf(config),
          maxAgeDays: config.WEBHOOK_MAX_AGE_DAYS,
          blindIndex: context.blindIndex,
          shared: sharedDivisions(config.EXTERNAL_BOT_SECRETS ?? []),
        },
        of,
      ),
    read: reads,
    directory: staffDirectory({ handler: context.commands.handler, blindIndex: context.blindIndex }),
    events: stores.events,
    staff: writes,
    uploadQuota: mediaQuotaOf(config, writes),
    readYourWrites,
    processes,
    live,
    push: context.push,
    pushDevices: devicesOf(context),
    sessions: createSessions(writes, clock, ids, refreshRuleOf(context)),
    activity: activityOf(context),
    challenges: createChallenges(writes, clock),
    streamTickets: createStreamTickets(writes, clock),
    secondFactor: secondFactorOf(context),
    idempotencyKeys: createIdempotencyKeys(writes, clock, ids, context.blindIndex),
    limiter: createRateLimiter(redis),
    unauthenticatedBytes,
    readiness: writableFirst(
      writeProbe,
      readinessOf({
        events: stores.events,
        writes,
        guard: stores.guard,
        projectionStatus,
        skipped,
        clockProblem: stores.clockProblem,
        notWhole: () => stores.notWhole(),
        scanner: context.scanner,
        push: context.push,
      }),
    ),
    operations: operationsOf({
      projectionStatus,
      writes,
      events: stores.events,
      inbox: context.webhookInbox,
      lines: linesOf(config),
      registry: context.registry,
    }),
    dashboard: dashboard(staticFolder('web')),
    site: companySite(staticFolder('site'), {
      publicUrl: config.PUBLIC_URL ?? null,
      framedBy: (key) => config.SITES.find((one) => one.key === key)?.origins ?? null,
    }),
    staffWebhook: staffTelegramRouter({
      path: config.WEBHOOK_PATH,
      secret: config.STAFF_TELEGRAM_SECRET_TOKEN ?? null,
      bot: staffBotOf(config),
      links,
      tapped: tappedOf(context),
      unauthenticatedBytes,
      log,
    }),
    webhook: webhookRouter({
      ...context,
      path: config.WEBHOOK_PATH,
      publicUrl: publicUrlOf(config),
      inbox: context.webhookInbox,
      unauthenticatedBytes,
      maxAgeDays: config.WEBHOOK_MAX_AGE_DAYS,
      lines: linesOf(config),
      secrets: webhookSecretsOf({ ...config, ...secrets }),
    }),
  });
  const server = createServer(app);
  server.listen(config.PORT, config.HOST);
  await once(server, 'listening').catch((cause: unknown) => {
    throw cannotListen(config, cause);
  });
  closing.push(() => drain(server));
  closing.push(() => {
    stopping.abort();
  });
  // First, because closing the server waits for every stream.
  closing.push(() => live.stop());
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${String(port)}`;
}
