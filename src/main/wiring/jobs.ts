/** The jobs of this process. Each holds its own lease: in a second process it waits for that lease. */
import { createChallenges } from '../../adapters/operational/challenges.ts';
import { createStreamTickets } from '../../adapters/operational/stream-tickets.ts';
import { createJobCheckpoints } from '../../adapters/operational/job-checkpoints.ts';
import { createIdempotencyKeys } from '../../adapters/operational/idempotency-keys.ts';
import { refreshRuleOf } from './refresh-rule.ts';
import { createSessions } from '../../adapters/operational/sessions.ts';
import { createWebhookHistory } from '../../adapters/operational/webhook-history.ts';
import { withHashedMessageIds } from '../../commands/inbound/message-id-hashing.ts';
import { createReceive } from '../../commands/inbound/receive.ts';
import { createReceiveTogether } from '../../commands/inbound/receive-together.ts';
import { channelHttp } from '../../adapters/channels/http.ts';
import { numberSourcesOf } from '../../channels/registry.ts';
import { createLeftTechnicians } from '../../jobs/field-jobs/left-technicians.ts';
import { createIdentify } from '../../jobs/inbound/identify.ts';
import { createIngester } from '../../jobs/inbound/ingester.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import { createPurge } from '../../engine/jobs/purge.ts';
import { createResponseTimeout } from '../../jobs/routing/response-timeout.ts';
import { createRouter } from '../../jobs/routing/router.ts';
import { createRatingRequests } from '../../jobs/ratings/rating-requests.ts';
import { createSnoozeJob } from '../../jobs/routing/snooze.ts';
import { schedulerOf } from './scheduler.ts';
import { erasureJobOf, providerErasuresJobOf } from './erasure.ts';
import { exportsOf } from './exports.ts';
import { customerMergesOf, customerNamesOf, mediaOf, mediaQuotaOf } from './media.ts';
import { blastExecutorOf } from './blasts.ts';
import type { CloseSteps, ProgramContext } from '../context.ts';
import { presenceTimeoutOf } from '../presence.ts';
import { devicesOf, notifierOf, staffGroupJobOf } from './notifications.ts';
import { lineWatchOf } from '../lines.ts';
import { createJobOffers } from '../../adapters/field-jobs/job-offers.ts';
import { staffBotJobsOf } from '../staff-bot.ts';
import { senderOf } from './outbound.ts';

export function startJobs(context: ProgramContext, closing: CloseSteps): void {
  const stopping = new AbortController();
  const working = jobsOf(context).map((job) => job.run(stopping.signal));
  closing.push(async () => {
    stopping.abort();
    await Promise.all(working);
  });
}

function jobsOf(context: ProgramContext): readonly Job[] {
  const { commands, config, webhookInbox, leases, pubSub, log, stores, clock, ids, skipped } = context;
  const { writes } = stores.postgres;
  const receiving = { ...context, handler: commands.handler, timezone: config.BUSINESS_TIMEZONE };
  const receive = createReceive(receiving);
  const receiveTogether = createReceiveTogether(receiving);
  const identify = createIdentify(numberSourcesOf({ config, http: channelHttp }));
  const notifier = notifierOf(context);
  const staffGroup = staffGroupJobOf(context);
  return [
    createIngester({
      inbox: webhookInbox,
      receive: async (item, received) =>
        receive(withHashedMessageIds(await identify(item), context.blindIndex), received),
      receiveTogether: async (items) =>
        receiveTogether(
          await Promise.all(
            items.map(async ({ inbound, received }) => ({
              inbound: withHashedMessageIds(await identify(inbound), context.blindIndex),
              received,
            })),
          ),
        ),
      leases,
      pubSub,
      log,
    }),
    createRouter({
      store: stores.events,
      read: stores.postgres.reads,
      write: stores.postgres.writes,
      routeTicket: commands.routeTicket,
      raiseAlert: commands.raiseAlert,
      clock,
      leases,
      log,
      skipped,
      settleMs: config.ROUTING_SETTLE_SECONDS * 1_000,
      defaultCapacity: config.DEFAULT_MAX_ACTIVE_TICKETS ?? null,
    }),
    presenceTimeoutOf(context),
    // Without a limit no ticket is ever overdue.
    ...(config.RESPONSE_TIMEOUT_MINUTES === undefined
      ? []
      : [
          createResponseTimeout({
            ...context,
            read: stores.postgres.reads,
            routeTicket: commands.routeTicket,
            // A check at every tenth of the limit keeps it to within a tenth.
            everyMs: Math.min(5_000, config.RESPONSE_TIMEOUT_MINUTES * 6_000),
          }),
        ]),
    createLeftTechnicians({
      ...context,
      store: stores.events,
      handler: commands.handler,
      read: stores.postgres.reads,
      staff: writes,
      takeBack: commands.fieldJobs.takeBack,
      checkpoints: createJobCheckpoints(writes),
    }),
    createSnoozeJob({ ...context, read: stores.postgres.reads, snooze: commands.snooze }),
    createRatingRequests({
      store: stores.events,
      handler: commands.handler,
      read: stores.postgres.reads,
      checkpoints: createJobCheckpoints(writes),
      request: commands.ratings.request,
      ...{ leases, log, skipped },
    }),
    senderOf(context),
    lineWatchOf(context),
    blastExecutorOf(context),
    mediaOf(context),
    customerNamesOf(context),
    customerMergesOf(context),
    exportsOf(context),
    erasureJobOf(context),
    providerErasuresJobOf(context),
    schedulerOf(context),
    ...(notifier === null ? [] : [notifier]),
    ...(staffGroup === null ? [] : [staffGroup]),
    ...staffBotJobsOf(context),
    createPurge({
      what: {
        'push claims': devicesOf(context),
        'webhook history': createWebhookHistory(writes, clock, config.WEBHOOK_MAX_AGE_DAYS),
        sessions: createSessions(writes, clock, ids, refreshRuleOf(context)),
        challenges: createChallenges(writes, clock),
        'job offers': createJobOffers(writes, clock),
        'stream tickets': createStreamTickets(writes, clock),
        'idempotency keys': createIdempotencyKeys(writes, clock, ids, context.blindIndex),
        'media quota': mediaQuotaOf(context.config, writes),
      },
      clockProblem: stores.clockProblem,
      log,
    }),
  ];
}
