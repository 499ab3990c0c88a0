/**
 * Delivers what was said on L1 (domain.md, 'Sending to a channel'): each customer's messages in order, many
 * customers at once, nothing twice. Reads the talks from a checkpoint of its own, so that no rebuild sends anything.
 */
import { setMaxListeners } from 'node:events';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { RecordDelivery } from '../../commands/outbound/record-delivery.ts';
import type { Channel as ChannelName } from '../../domain/vocabulary.ts';
import type { Channel, Clock, EventStore, Ids, JobCheckpoints, Leases, Logger } from '../../ports.ts';
import { createAddresses } from './addresses.ts';
import { createPendingMessages, type PendingMessage } from './pending-messages.ts';
import { loadCheckpoint, saveCheckpointUntil } from '../../engine/jobs/subscription-checkpoint.ts';
import { type SenderObserver, type Timing, TIMING } from './deliver.ts';
import { decodeOrSkip } from '../../engine/jobs/decode-or-skip.ts';
import { createCustomerQueues, type CustomerQueues } from './customer-queues.ts';

export type { SenderObserver, Timing } from './deliver.ts';

export interface SenderDeps {
  readonly store: Pick<EventStore, 'read' | 'subscribe' | 'storeId' | 'head'>;
  readonly handler: Pick<CommandHandler, 'load'>;
  readonly record: RecordDelivery;
  readonly checkpoints: JobCheckpoints;
  readonly channels: Readonly<Record<ChannelName, Channel>>;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly observer: SenderObserver;
  readonly timing?: Partial<Timing>;
  /** Requests under way per number, page or bot. Default 16. */
  readonly perLine?: number;
}

export interface Sender {
  /** Works while this process holds the lease `sender`. Resolves after `signal`, when what was begun has an outcome. */
  run(signal: AbortSignal): Promise<void>;
}

const STREAMS = ['conversation-', 'delivery-'];

export const createSender = (deps: SenderDeps): Sender => ({
  run: (signal) => deps.leases.hold('sender', signal, (lease) => term(deps, lease.signal)),
});

/** One holding of the lease. */
async function term(deps: SenderDeps, lost: AbortSignal): Promise<void> {
  const { store, observer, log } = deps;
  const timing = { ...TIMING, ...deps.timing };
  const from = await loadCheckpoint('sender', deps);
  const ended = new AbortController();
  const giveUp = new AbortController();
  const stopping = AbortSignal.any([lost, ended.signal]);
  // Every waiting customer listens.
  setMaxListeners(0, stopping, giveUp.signal);

  const backlog = createPendingMessages(from.position, from.settledTo);
  const lanes = createCustomerQueues({
    ...deps,
    timing,
    perLine: deps.perLine ?? 16,
    addressOf: createAddresses(deps),
    stopping,
    giveUp: giveUp.signal,
    settled: (pending) => {
      backlog.settle(pending.event.data.messageId);
      observer.waiting(backlog.size);
    },
  });
  const saving = saveCheckpointUntil(
    'sender',
    stopping,
    deps,
    from,
    () => backlog.checkpoint(),
    backlog.seen,
  ).catch((error: unknown) => {
    ended.abort();
    throw error;
  });
  saving.catch(() => undefined); // awaited below, after the lanes

  try {
    let live = false;
    const batches = store.subscribe({
      after: from.position,
      filter: { streamPrefixes: STREAMS },
      signal: stopping,
    });
    for await (const batch of batches) {
      for (const stored of batch.events) {
        const event = decodeOrSkip(stored, (err) => {
          log.error({ err, eventId: stored.id, job: 'sender' }, 'the sender passes over an unreadable event');
        });
        const fresh = event && backlog.see(event);
        if (!live || !event) continue;
        if (fresh) await lanes.add(fresh);
        else await lanes.heard(event);
      }
      backlog.seenTo(batch.checkpoint);
      observer.waiting(backlog.size);
      // Only at the end of what is on record is it known which attempts have an outcome.
      if (batch.caughtUp && !live) {
        live = true;
        backlog.goLive();
        await addAll(lanes, backlog.all());
      }
    }
  } finally {
    ended.abort();
    const grace = setTimeout(() => {
      giveUp.abort();
    }, timing.grace);
    await lanes.idle();
    clearTimeout(grace);
  }
  await (
    await saving
  )();
}

async function addAll(lanes: CustomerQueues, all: readonly PendingMessage[]): Promise<void> {
  for (const pending of all) await lanes.add(pending);
}
