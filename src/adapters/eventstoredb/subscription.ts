import { setTimeout as sleep } from 'node:timers/promises';
import type { EventBatch } from '../../ports.ts';
import { reasonOf } from './grpc-errors.ts';
import { session } from './session.ts';
import type { SubscriptionOptions } from './session.ts';

const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * See `EventStore.subscribe`. The client resubscribes nothing by itself, and a subscription that the server
 * ends with OK just stops: after any end there is a next session from the last position
 * (reliability.md 1.6).
 */
export async function* subscription(
  options: SubscriptionOptions,
): AsyncGenerator<EventBatch, void, undefined> {
  const { clients, logger, signal } = options;
  let position = options.after;
  let delayMs = 0;
  while (!signal.aborted) {
    try {
      for await (const batch of session(options, position)) {
        position = batch.checkpoint;
        delayMs = 0;
        yield batch;
      }
      if (signal.aborted) return;
      logger.warn({ position }, 'event subscription ended by the server: subscribing again');
    } catch (error) {
      if (signal.aborted) return;
      clients.failed();
      logger.warn({ position, reason: reasonOf(error) }, 'event subscription lost: subscribing again');
    }
    delayMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, delayMs * 2));
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
  }
}
