import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { keepRunning } from '../../engine/jobs/retry.ts';
import type { Logger } from '../../ports.ts';
import { prepareSession } from '../postgres/session.ts';
import type { Connect } from './pub-sub-transport.ts';

const CHANNEL = 'saga_fanout';
/** Postgres refuses a payload of 8,000 bytes or more. */
const LIMIT = 7_900;
const HEARTBEAT_MS = 10_000;
const PATIENCE_MS = 3_000;
const AGAIN_MS = { firstMs: 50, mostMs: 2_000, steadyMs: 5_000 };

/**
 * LISTEN and NOTIFY on one connection of its own. Waiting messages go in one statement, because a commit
 * with NOTIFY takes a lock of the whole database server (docs/design/reliability.md#wake-ups).
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
        query_timeout: PATIENCE_MS,
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
        await prepareSession(client, { settings: { statement_timeout: String(PATIENCE_MS) } });
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

    const connection = keepRunning(listen, {
      ...AGAIN_MS,
      signal: closing.signal,
      ended: (err, backoff) => {
        if (err !== undefined) logger.debug({ err }, 'fan-out could not connect to Postgres');
        logger.warn({ backoff }, 'fan-out lost Postgres: other processes hear of changes later');
      },
    });

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
