import type pg from 'pg';
import type { Logger } from '../../ports.ts';
import { StoreUnavailable } from '../../ports.ts';
import { connection } from './connection.ts';
import type { Connection } from './connection.ts';
import { failureOf, reasonOf } from './append-errors.ts';

const ATTEMPTS = 3;

/**
 * A few pipelined connections for reads: callers do not wait for each other's round trips, as they do in a pool
 * with one caller per connection (docs/design/performance.md#connections-for-reads: 8.3k loads/s from a pool of 32,
 * 18.7k from 4).
 */
export function readers(options: {
  readonly config: pg.ClientConfig;
  readonly count: number;
  readonly timeoutMs: number;
  readonly logger: Logger;
}): {
  /** Runs a read; again on another connection when the first one was lost. @throws StoreUnavailable */
  run<T>(read: (client: pg.Client) => Promise<T>): Promise<T>;
  close(): Promise<void>;
} {
  const connections = Array.from({ length: options.count }, () =>
    connection({
      name: 'saga-events-read',
      logger: options.logger,
      config: { ...options.config, query_timeout: options.timeoutMs },
    }),
  );

  let closed = false;

  /** The first of the least busy ones: few callers keep to few connections. */
  function leastBusy(): Connection {
    return connections.reduce((best, other) => (other.busy() < best.busy() ? other : best));
  }

  return {
    run: async (read) => {
      const deadline = performance.now() + options.timeoutMs;
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await leastBusy().run(read);
        } catch (error) {
          if (failureOf(error) !== 'unknown') throw error;
          if (attempt === ATTEMPTS || performance.now() > deadline) {
            // What was under way when the program ended is nobody's concern.
            if (!closed) options.logger.warn({ reason: reasonOf(error) }, 'event store read failed');
            throw new StoreUnavailable('events', { cause: error });
          }
        }
      }
    },
    close: async () => {
      closed = true;
      await Promise.all(connections.map((each) => each.close()));
    },
  };
}
