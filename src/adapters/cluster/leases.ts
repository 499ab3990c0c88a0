import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { keepRunning } from '../../engine/jobs/retry.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Leases, Logger } from '../../ports.ts';
import { rowsOf } from '../postgres/rows-of.ts';
import { prepareSession } from '../postgres/session.ts';

/** How often a waiting process looks whether the lease is free. */
const LOOK_MS = 250;
/** Pauses after work under a lease has ended. */
const AGAIN_MS = { firstMs: 250, mostMs: 5_000, steadyMs: 10_000 };
const HEARTBEAT_MS = 2_000;
const HEARTBEAT_TIMEOUT_MS = 3_000;

/** A holder whose machine disappeared must not keep the lease for the usual two hours. */
const KEEPALIVE = { tcp_keepalives_idle: '5', tcp_keepalives_interval: '2', tcp_keepalives_count: '3' };

/** Over a socket of one machine the server shows 0 whatever is set, and needs none. */
const settingsFor = ({ host }: pg.Client): Readonly<Record<string, string>> => ({
  statement_timeout: String(HEARTBEAT_TIMEOUT_MS),
  ...(host.startsWith('/') ? {} : KEEPALIVE),
});

const tryLock = statement(
  null,
  (name: string) => sql<{ readonly locked: boolean }>`
    select pg_try_advisory_lock(hashtextextended('saga lease ' || ${name}, 0)) as locked`,
);
/** The session that has the lock. A pooler that began to share sessions answers with another one. */
const session = statement(null, () => sql<{ readonly pid: number }>`select pg_backend_pid() as pid`);
const take = statement(
  null,
  (name: string, holder: string) => sql<{ readonly epoch: string }>`
    insert into ops.leases as l (name, epoch, holder) values (${name}, 1, ${holder})
    on conflict (name) do update set epoch = l.epoch + 1, holder = excluded.holder, acquired_at = now()
    returning epoch::text as epoch`,
);

export interface LeasesOptions {
  readonly url: string;
  readonly logger: Logger;
}

/** Waits for the lock. Asks again and again: a blocked lock statement would hold back vacuum for hours. */
async function acquire(client: pg.Client, name: string, signal: AbortSignal): Promise<bigint | undefined> {
  while (!signal.aborted) {
    const [lock] = await rowsOf(client, tryLock(name));
    if (lock?.locked) {
      const [taken] = await rowsOf(client, take(name, `${hostname()}:${String(process.pid)}`));
      return BigInt(taken?.epoch ?? 0);
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
      await prepareSession(client, { settings: settingsFor(client) });
      const epoch = await acquire(client, name, either);
      if (epoch === undefined) return;
      const [own] = await rowsOf(client, session());
      heart = setInterval(() => {
        rowsOf(client, session()).then(([now]) => {
          if (now?.pid !== own?.pid) lose();
        }, lose);
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
