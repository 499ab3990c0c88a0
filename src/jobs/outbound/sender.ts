/**
 * Delivers what was said on L1 (docs/design/business-rules.md#sending-to-a-channel): each customer's messages in
 * order, many customers at once, nothing twice. It reads the conversations from a checkpoint of its own, so that no
 * rebuild sends anything.
 */
import { setMaxListeners } from 'node:events';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { RecordDelivery } from '../../commands/outbound/record-delivery.ts';
import type { Channel as ChannelName } from '../../domain/vocabulary.ts';
import {
  createReactor,
  type Reaction,
  type ReactorDeps,
  type ReactorRun,
} from '../../engine/jobs/reactor.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { ChannelSender, Clock, EventStore, Ids, JobCheckpoints } from '../../ports.ts';
import { createAddresses } from './addresses.ts';
import { createPendingMessages } from './pending-messages.ts';
import { type SenderObserver, type Timing, TIMING } from './deliver.ts';
import { createCustomerQueues } from './customer-queues.ts';

export type { SenderObserver, Timing } from './deliver.ts';

export interface SenderDeps extends ReactorDeps {
  readonly store: Pick<EventStore, 'read' | 'subscribe' | 'storeId' | 'head'>;
  readonly handler: Pick<CommandHandler, 'load'>;
  readonly record: RecordDelivery;
  readonly checkpoints: JobCheckpoints;
  readonly channels: Readonly<Record<ChannelName, ChannelSender>>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly observer: SenderObserver;
  readonly timing?: Partial<Timing>;
  /** Requests under way per number, page or bot. Default 16. */
  readonly perLine?: number;
}

/** Holds the lease `sender`. At a stop, what was begun gets its outcome, within `Timing.grace`. */
export const createSender = (deps: SenderDeps): Job =>
  createReactor(deps, {
    name: 'sender',
    streamPrefixes: ['conversation-', 'delivery-'],
    position: { checkpoints: deps.checkpoints, firstRun: 'first event', wrongStore: 'stay off' },
    start: (run) => delivery(deps, run),
  });

function delivery(deps: SenderDeps, { signal, settledTo, skip }: ReactorRun): Reaction {
  const { observer } = deps;
  const timing = { ...TIMING, ...deps.timing };
  const giveUp = new AbortController();
  // Every waiting customer listens.
  setMaxListeners(0, giveUp.signal);
  const pending = createPendingMessages(settledTo);
  const queues = createCustomerQueues({
    ...deps,
    timing,
    perLine: deps.perLine ?? 16,
    addressOf: createAddresses(deps),
    stopping: signal,
    giveUp: giveUp.signal,
    skip,
    settled: ({ event }) => {
      pending.settle(event.data.messageId);
      observer.waiting(pending.size);
    },
  });
  return {
    handle: async (event, { before, isLive }) => {
      const fresh = pending.see(event, before);
      observer.waiting(pending.size);
      if (!isLive) return;
      if (fresh) await queues.add(fresh);
      else await queues.observe(event);
    },
    caughtUp: async (isFirst) => {
      if (!isFirst) return;
      // Only at the end of what is on record is it known which attempts have an outcome.
      pending.goLive();
      for (const message of pending.all()) await queues.add(message);
    },
    unsettledFrom: pending.oldest,
    drain: async () => {
      const grace = setTimeout(() => {
        giveUp.abort();
      }, timing.grace);
      await queues.idle();
      clearTimeout(grace);
    },
  };
}
