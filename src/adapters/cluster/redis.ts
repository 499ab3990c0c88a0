import { createClient } from 'redis';
import { backoffMs } from '../../engine/jobs/backoff.ts';
import type { Logger } from '../../ports.ts';

export type RedisClient = ReturnType<typeof createRedis>;

/**
 * A client that reconnects for ever. While the server is away a command does not wait, it fails at once: Redis holds
 * nothing that must not be lost (docs/design/architecture.md#redis-is-optional).
 * @param options.use what the connection is for, as the log calls it
 */
export function createRedis(options: {
  readonly url: string;
  readonly use: string;
  readonly logger: Logger;
}) {
  const { url, use, logger } = options;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    // Finds a server that accepts and stays silent.
    pingInterval: 5_000,
    socket: {
      connectTimeout: 2_000,
      socketTimeout: 10_000,
      reconnectStrategy: (retries) => backoffMs(retries, { firstMs: 50, mostMs: 2_000 }),
    },
  });
  let away = false;
  client.on('error', (err: Error) => {
    if (!away) logger.warn({ connection: use, err }, 'Redis is away: going on without it');
    away = true;
  });
  client.on('ready', () => {
    if (away) logger.info({ connection: use }, 'Redis is back');
    away = false;
  });
  client.connect().catch(() => undefined); // the error listener logs it; rejects only when closed while connecting
  return client;
}
