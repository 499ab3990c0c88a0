import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { keepRunning } from '../../engine/jobs/retry.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import type { Leases, Logger } from '../../ports.ts';

/** How often a waiting process looks whether the lease is free. */
const LOOK_MS = 250;
/** Pauses after work under a lease has ended. */
const AGAIN_MS = { firstMs: 250, mostMs: 5_000, steadyMs: 10_000 };
const HEARTBEAT_MS = 2_000;
const HEARTBEAT_TIMEOUT_MS = 3_000;

export interface LeasesOptions {
  readonly url: string;
  readonly logger: Logger;
}

/** Waits for the lock. Asks again and again: a blocked lock statement would hold back vacuum for hours. */
async function acquire(client: pg.Client, name: string, signal: AbortSignal): Promise<bigint | undefined> {
  while (!signal.aborted) {
    const { rows } = await client.query<{ locked: boolean }>(
      "SELECT pg_try_advisory_lock(hashtextextended('saga lease ' || $1, 0)) AS locked",
      [name],
    );
    if (rows[0]?.locked) {
      const counted = await client.query<{ epoch: string }>(
        `INSERT INTO ops.leases AS l (name, epoch, holder) VALUES ($1, 1, $2)
         ON CONFLICT (name) DO UPDATE SET epoch = l.epoch + 1, holder = excluded.holder, acquired_at = now()
         RETURNING epoch`,
        [name, `${hostname()}:${String(process.pid)}`],
      );
      return BigInt(counted.rows[0]?.epoch ?? 0);
    }
    await sleep(LOOK_MS, signal);
  }
  return undefined;
}

/**
 * Leases as session advisory locks on a connection of their own each: released the moment the holder's process dies.
 * Two holders are rare, but possible (a stalled one may not know yet that it lost the lease): every write under a
 * lease is also a compare-and-set (docs/design/reliability.md#checkpoints).
 */
export function createLeases({ url, logger }: LeasesOptions): Leases {
  /** One connection's life: from connecting to losing the lease or being done. */
  const term = async (
    name: string,
    signal: AbortSignal,
    work: Parameters<Leases['hold']>[2],
  ): Promise<void> => {
    const client = new pg.Client({
      connectionString: url,
      application_name: `saga lease ${name}`,
      connectionTimeoutMillis: 3_000,
      query_timeout: HEARTBEAT_TIMEOUT_MS,
      keepAlive: true,
      // A holder whose machine disappeared must not keep the lease for the usual two hours.
      options: '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3',
    });
    const lost = new AbortController();
    const lose = () => {
      lost.abort();
    };
    client.on('error', lose);
    client.on('end', lose);
    const either = AbortSignal.any([signal, lost.signal]);
    let heart: NodeJS.Timeout | undefined;
    try {
      await client.connect();
      const epoch = await acquire(client, name, either);
      if (epoch === undefined) return;
      heart = setInterval(() => {
        client.query('SELECT 1').catch(lose);
      }, HEARTBEAT_MS);
      logger.info({ lease: name, epoch }, 'lease taken');
      await work({ epoch, signal: either });
    } finally {
      clearInterval(heart);
      if (heart && lost.signal.aborted && !signal.aborted) logger.warn({ lease: name }, 'lease lost');
      // Ends the session, and with it the lock. A server that disappeared never confirms: the socket times out.
      await Promise.race([client.end().catch(() => undefined), delay(1_000, undefined, { ref: false })]);
    }
  };

  return {
    hold: (name, signal, work) =>
      keepRunning(() => term(name, signal, work), {
        ...AGAIN_MS,
        signal,
        ended: (err, backoff) => {
          if (err !== undefined)
            logger.warn(
              { lease: name, err, backoff },
              'work under a lease ended with an error: trying again',
            );
        },
      }),
  };
}
