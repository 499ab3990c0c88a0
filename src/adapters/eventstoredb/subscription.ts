import { createBackoff } from '../../engine/jobs/backoff.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import { type EventBatch, StoreRefused, StoreUnavailable } from '../../ports.ts';
import { failureOf, reasonOf } from './grpc-errors.ts';
import { session } from './session.ts';
import type { GrpcSubscriptionOptions } from './session.ts';

const PAUSE_MS = { firstMs: 100, mostMs: 5_000 };

/**
 * See `EventStore.subscribe`. The client resubscribes nothing by itself, and a subscription that the server
 * ends with OK just stops: after any end there is a next session from the last position
 * (docs/design/reliability.md#subscriptions).
 */
export async function* subscription(
  options: GrpcSubscriptionOptions,
): AsyncGenerator<EventBatch, void, undefined> {
  const { clients, logger, signal } = options;
  let position = options.after;
  const backoff = createBackoff(PAUSE_MS);
  while (!signal.aborted) {
    const used = clients.current();
    try {
      for await (const batch of session(options, position)) {
        position = batch.checkpoint;
        backoff.reset();
        yield batch;
      }
      if (signal.aborted) return;
      logger.warn({ position }, 'event subscription ended by the server: subscribing again');
    } catch (error) {
      if (signal.aborted) return;
      const refused = failureOf(error) === 'refused' || error instanceof StoreRefused;
      // Refused: the client is not the reason, and a new one would not help. Unavailable: the call has counted it.
      if (!refused && !(error instanceof StoreUnavailable)) clients.failed(used);
      const why = refused ? 'event subscription refused by the store' : 'event subscription lost';
      logger.warn({ position, reason: reasonOf(error) }, `${why}: subscribing again`);
    }
    await sleep(backoff.next(), signal);
  }
}
