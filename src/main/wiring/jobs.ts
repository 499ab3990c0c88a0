/** The jobs of this process. Each holds a lease of its own: in a second process it only stands by. */
import { createIdempotencyKeys } from '../../adapters/operational/idempotency-keys.ts';
import { createSessions } from '../../adapters/operational/sessions.ts';
import { createWebhookHistory } from '../../adapters/operational/webhook-history.ts';
import { withHashedNames } from '../../commands/inbound/message-id-hashing.ts';
import { createReceive } from '../../commands/inbound/receive.ts';
import { createIngester } from '../../jobs/inbound/ingester.ts';
import { createPurge } from '../../engine/jobs/purge.ts';
import { createResponseTimeout } from '../../jobs/routing/response-timeout.ts';
import { createRouter } from '../../jobs/routing/router.ts';
import { schedulerOf } from './scheduler.ts';
import { erasureJobOf } from './erasure.ts';
import { exportsOf } from './exports.ts';
import { mediaOf } from './media.ts';
import { blastExecutorOf } from './blasts.ts';
import type { Closing, Parts } from '../context.ts';
import { devicesOf, notifierOf } from './notifications.ts';
import { senderOf } from './outbound.ts';

interface Job {
  /** Works until `signal` aborts; resolves when what was begun is finished. */
  run(signal: AbortSignal): Promise<void>;
}

export function startJobs(parts: Parts, closing: Closing): void {
  const stopping = new AbortController();
  const working = jobsOf(parts).map((job) => job.run(stopping.signal));
  closing.push(async () => {
    stopping.abort();
    await Promise.all(working);
  });
}

function jobsOf(parts: Parts): readonly Job[] {
  const { commands, config, webhookInbox, leases, fanout, log, stores, clock, ids } = parts;
  const { writes } = stores.postgres;
  const receive = createReceive({ ...parts, handle: commands.handle, timezone: config.BUSINESS_TIMEZONE });
  const notifier = notifierOf(parts);
  return [
    createIngester({
      inbox: webhookInbox,
      receive: (item, received) => receive(withHashedNames(item, parts.blindIndex), received),
      leases,
      fanout,
      log,
    }),
    createRouter({
      store: stores.events,
      read: stores.postgres.reads,
      write: stores.postgres.writes,
      routeTicket: commands.routeTicket,
      leases,
      log,
    }),
    // Without a limit no ticket is ever overdue, and nobody need look.
    ...(config.RESPONSE_TIMEOUT_MINUTES === undefined
      ? []
      : [
          createResponseTimeout({
            ...parts,
            read: stores.postgres.reads,
            routeTicket: commands.routeTicket,
            // Often enough that a limit is kept to within a tenth of itself.
            everyMs: Math.min(5_000, config.RESPONSE_TIMEOUT_MINUTES * 6_000),
          }),
        ]),
    senderOf(parts),
    blastExecutorOf(parts),
    mediaOf(parts),
    exportsOf(parts),
    erasureJobOf(parts),
    schedulerOf(parts),
    ...(notifier === null ? [] : [notifier]),
    createPurge({
      what: {
        'push claims': devicesOf(parts),
        'webhook history': createWebhookHistory(writes, clock),
        sessions: createSessions(writes, clock, ids),
        'idempotency keys': createIdempotencyKeys(writes, clock, ids),
      },
      log,
    }),
  ];
}
