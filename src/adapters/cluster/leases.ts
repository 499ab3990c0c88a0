import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { keepRunning } from '../../engine/jobs/retry.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Leases, Logger, Statement } from '../../ports.ts';
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
const unlock = statement(
  null,
  (name: string) => sql<{ readonly unlocked: boolean }>`
    select pg_advisory_unlock(hashtextextended('saga lease ' || ${name}, 0)) as unlocked`,
);
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

type Ask = <Row extends object>(asked: Statement<Row>) => Promise<readonly Row[]>;

/** One connection, with the locks of all leases that this process holds. */
interface LeaseSession {
  /** One statement at a time, in the order in which they are asked. */
  readonly ask: Ask;
  /** Aborts when the connection, and every lock with it, is lost. */
  readonly lost: AbortSignal;
  /** Gives the connection up, with every lock. */
  lose(): void;
  /** Held through it: the server gives one session the same lock twice. */
  readonly names: Set<string>;
  /** Ends it, and with it every lock. */
  end(): Promise<void>;
}

/** Waits for the lock. Asks again and again: a blocked lock statement would hold back vacuum for hours. */
async function acquire(
  { ask, names }: LeaseSession,
  name: string,
  signal: AbortSignal,
): Promise<bigint | undefined> {
  while (!signal.aborted) {
    if (!names.has(name)) {
      names.add(name);
      const [lock] = await ask(tryLock(name));
      if (lock?.locked) {
        const [taken] = await ask(take(name, `${hostname()}:${String(process.pid)}`));
        return BigInt(taken?.epoch ?? 0);
      }
      names.delete(name);
    }
    await sleep(LOOK_MS, signal);
  }
  return undefined;
}

/** @throws when the database does not answer */
async function openSession(url: string, whenLost: () => void): Promise<LeaseSession> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'saga leases',
    connectionTimeoutMillis: 3_000,
    query_timeout: HEARTBEAT_TIMEOUT_MS,
    keepAlive: true,
  });
  const lost = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  const ask: Ask = (asked) => {
    const answer = last.then(() => rowsOf(client, asked));
    last = answer.catch(() => undefined); // whoever asked sees it
    return answer;
  };
  let heart: NodeJS.Timeout | undefined;
  const end = async (): Promise<void> => {
    clearInterval(heart);
    // A server that disappeared never confirms: the socket times out.
    await Promise.race([client.end().catch(() => undefined), delay(1_000, undefined, { ref: false })]);
  };
  const lose = (): void => {
    whenLost();
    lost.abort();
    // Whoever comes next must not wait for the work that still ends here.
    void end();
  };
  client.on('error', lose);
  client.on('end', lose);
  try {
    await client.connect();
    await prepareSession(client, { settings: settingsFor(client) });
    const [own] = await ask(session());
    heart = setInterval(() => {
      ask(session()).then(([now]) => {
        if (now?.pid !== own?.pid) lose();
      }, lose);
    }, HEARTBEAT_MS);
    return { ask, lost: lost.signal, lose, names: new Set(), end };
  } catch (error) {
    await end();
    throw error;
  }
}

/**
 * Leases as session advisory locks, all of a process on one connection: released the moment the holder's process dies.
 * Two holders are rare, but possible (a stalled one may not know yet that it lost the lease): every write under a
 * lease is also a compare-and-set (docs/design/reliability.md#checkpoints).
 */
export function createLeases({ url, logger }: LeasesOptions): Leases {
  /** `users`: work that holds a lease, or waits for one. */
  let shared: { readonly opening: Promise<LeaseSession>; users: number } | undefined;
  const forget = (session: typeof shared): void => {
    if (shared === session) shared = undefined;
  };
  const opened = (): NonNullable<typeof shared> => {
    const begun = {
      opening: openSession(url, () => {
        forget(begun);
      }),
      users: 0,
    };
    return begun;
  };

  /** Does `work` with the session of this process: the first one opens it, the last one closes it. */
  async function withSession(work: (joined: LeaseSession) => Promise<void>): Promise<void> {
    const joined = (shared ??= opened());
    joined.users += 1;
    let session: LeaseSession | undefined;
    try {
      session = await joined.opening;
      await work(session);
    } finally {
      joined.users -= 1;
      if (session === undefined || joined.users === 0) forget(joined);
      if (joined.users === 0) await session?.end();
    }
  }

  /** From asking for a lease to losing it or being done. */
  const term = (name: string, signal: AbortSignal, work: Parameters<Leases['hold']>[2]): Promise<void> =>
    withSession(async (joined) => {
      const { ask, lost, lose, names } = joined;
      const either = AbortSignal.any([signal, lost]);
      const release = async (): Promise<void> => {
        if (!lost.aborted) await ask(unlock(name)).catch(lose);
        names.delete(name);
      };
      const epoch = await acquire(joined, name, either).catch(async (error: unknown) => {
        // It may have the lock: a full disk refuses to note the holder, and keeps the other leases.
        await release();
        throw error;
      });
      if (epoch === undefined) return;
      logger.info({ lease: name, epoch }, 'lease taken');
      try {
        await work({ epoch, signal: either });
      } finally {
        if (lost.aborted && !signal.aborted) logger.warn({ lease: name }, 'lease lost');
        await release();
      }
    });

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
