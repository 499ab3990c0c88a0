import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../../ports.ts';
import type { Connect } from './pub-sub-transport.ts';

const CHANNEL = 'saga_fanout';
/** Postgres refuses a payload of 8,000 bytes or more. */
const LIMIT = 7_900;
const HEARTBEAT_MS = 10_000;
const LONGEST_BACKOFF_MS = 2_000;

/**
 * LISTEN and NOTIFY on one connection of its own. Waiting messages go in one statement, because a commit
 * with NOTIFY takes a lock of the whole database server (reliability.md 2.3).
 */
export function connectPostgres(url: string, logger: Logger): Connect {
  return (onFrame) => {
    const closing = new AbortController();
    let current: pg.Client | undefined;

    /** Connects, listens, and returns when the connection is gone. */
    const listen = async (): Promise<void> => {
      const client = new pg.Client({
        connectionString: url,
        application_name: 'saga fan-out',
        connectionTimeoutMillis: 3_000,
        query_timeout: 3_000,
        keepAlive: true,
      });
      // While Postgres is away there are many tries: none may leave its listener behind.
      const done = new AbortController();
      const gone = new Promise<void>((resolve) => {
        client.on('error', () => {
          resolve();
        });
        client.on('end', resolve);
        closing.signal.addEventListener(
          'abort',
          () => {
            resolve();
          },
          { signal: done.signal },
        );
      });
      client.on('notification', ({ payload }) => {
        if (payload !== undefined) onFrame(payload);
      });
      let heart: NodeJS.Timeout | undefined;
      try {
        await client.connect();
        await client.query(`LISTEN ${CHANNEL}`);
        current = client;
        const silent = new Promise<void>((resolve) => {
          heart = setInterval(() => {
            client.query('SELECT 1').catch(() => {
              resolve();
            });
          }, HEARTBEAT_MS);
        });
        await Promise.race([gone, silent]);
      } finally {
        clearInterval(heart);
        current = undefined;
        done.abort();
        await Promise.race([client.end().catch(() => undefined), delay(1_000, undefined, { ref: false })]);
      }
    };

    const stayConnected = async (): Promise<void> => {
      let backoff = 50;
      while (!closing.signal.aborted) {
        const started = performance.now();
        await listen().catch((err: unknown) => {
          logger.debug({ err }, 'fan-out could not connect to Postgres');
        });
        if (closing.signal.aborted) return;
        if (performance.now() - started > 5_000) backoff = 50;
        logger.warn({ backoff }, 'fan-out lost Postgres: other processes hear of changes later');
        await delay(backoff, undefined, { signal: closing.signal }).catch(() => undefined);
        backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS);
      }
    };
    const connection = stayConnected();

    return {
      limit: LIMIT,
      send: async (frames) => {
        try {
          await current?.query('SELECT pg_notify($1, frame) FROM unnest($2::text[]) AS frame', [
            CHANNEL,
            frames,
          ]);
        } catch (err) {
          logger.debug({ err }, 'fan-out message lost');
        }
      },
      close: async () => {
        closing.abort();
        await connection;
      },
    };
  };
}
