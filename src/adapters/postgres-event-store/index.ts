import { sql } from 'kysely';
import type pg from 'pg';
import { statement } from '../../engine/sql/statement.ts';
import type { EventStore, Logger, VerifyStore } from '../../ports.ts';
import { StoreChanged, StoreUnavailable } from '../../ports.ts';
import { inPatience } from '../../engine/jobs/patience.ts';
import { encodeAppend } from '../event-encoding.ts';
import { rowsOf } from '../postgres/rows-of.ts';
import { failureOf } from './append-errors.ts';
import { connection } from './connection.ts';
import { assertDurable, UnsafeEventStore } from './durability.ts';
import { readers } from './readers.ts';
import { counterOf, positionOf } from './rows.ts';
import { groupedReads, identityOn, lookOn } from './stream-reads.ts';
import { readNewest, subscription } from './subscription.ts';
import { createTail } from './tail.ts';
import { createWake } from './wake.ts';
import { createWriter } from './writer.ts';

const headOf = statement(
  'es-head',
  () => sql<{ readonly head: string }>`select head::text as head from es.store`,
);
const behindOf = statement(
  'es-behind',
  (counter: string) =>
    sql<{
      readonly behind: string;
    }>`select greatest(head - ${counter}::bigint, 0)::text as behind from es.store`,
);

const processOf = statement(null, () => sql<{ readonly pid: number }>`select pg_backend_pid() as pid`);

export interface PostgresEventStoreOptions {
  /** A connection string, or what `pg` takes. The role must be allowed to write the schema `es`. */
  readonly connection: string | pg.ClientConfig;
  readonly logger: Logger;
  /** Longest time one append is tried before it ends as StoreUnavailable. Default 5,000 ms. */
  readonly appendBudgetMs?: number;
  /** Longest time of one read. Default 5,000 ms. */
  readonly readTimeoutMs?: number;
  /** Subscriptions poll this often, in case a wake-up is lost. Default 500 ms. */
  readonly pollMs?: number;
  /**
   * Connections for `read`; opened as they are needed. Default 4 (docs/design/performance.md#connections-for-reads).
   */
  readonly readConnections?: number;
  /** Called on each new connection that writes or feeds subscriptions, before it is used. */
  readonly verify?: VerifyStore;
}

/**
 * The event store on Postgres: schema `es` of migrations 20261120_0100 ff. Opens one connection to write,
 * one for subscriptions, and up to `readConnections` to read.
 *
 * @throws UnsafeEventStore the server may lose events, is a standby or is not migrated
 * @throws StoreUnavailable the server does not answer
 */
export async function createPostgresEventStore(options: PostgresEventStoreOptions): Promise<EventStore> {
  const { logger } = options;
  const pollMs = options.pollMs ?? 500;
  const budgetMs = options.appendBudgetMs ?? 5_000;
  const readTimeoutMs = options.readTimeoutMs ?? 5_000;
  const config =
    typeof options.connection === 'string' ? { connectionString: options.connection } : options.connection;
  const away = (): StoreUnavailable => new StoreUnavailable('events');
  const wake = createWake();
  const closing = new AbortController();
  /** Of the server, at the connection that writes. */
  let writerProcess: number | undefined;

  const writing = connection({
    name: 'saga-events-write',
    logger,
    // The lock time-out is shorter than the budget: it shows that a writer is blocked and the server is not dead.
    config: {
      ...config,
      lock_timeout: Math.ceil(budgetMs * 0.4),
      statement_timeout: Math.ceil(budgetMs * 0.5),
      query_timeout: Math.ceil(budgetMs * 0.6),
    },
    onConnect: async (client) => {
      await assertDurable(client);
      await options.verify?.(lookOn(client));
      // Asked for: what a pooler says at the start is a number of its own.
      writerProcess = (await rowsOf(client, processOf()))[0]?.pid;
    },
  });
  const feed = connection({
    name: 'saga-events-feed',
    logger,
    config: { ...config, pipeline: true, statement_timeout: 10_000, query_timeout: 10_000 },
    onConnect: async (client) => {
      await options.verify?.(lookOn(client));
      client.on('notification', ({ processId }) => {
        // The writer of this process rings by itself, and was heard already.
        if (processId !== writerProcess) wake.ring();
      });
      await client.query('listen es');
      wake.ring();
    },
  });
  const tail = createTail(wake, (from, limit) => feed.run((client) => readNewest(client, from, limit)));
  const reading = readers({
    count: options.readConnections ?? 4,
    logger,
    timeoutMs: readTimeoutMs,
    config: { ...config, pipeline: true, statement_timeout: readTimeoutMs },
  });
  const read = groupedReads(reading.run);
  const writer = createWriter({
    connection: writing,
    logger,
    budgetMs,
    onWritten: () => {
      wake.ring();
    },
  });

  async function close(): Promise<void> {
    closing.abort();
    await writer.close();
    await Promise.all([writing.close(), feed.close(), reading.close()]);
  }

  try {
    await writing.client();
  } catch (error) {
    // Another store: everything is refused until the right one is back, and the program says so.
    if (!(error instanceof StoreChanged)) {
      await close();
      throw error instanceof UnsafeEventStore ? error : new StoreUnavailable('events', { cause: error });
    }
  }

  return {
    append: async (stream, events, { expected }) => {
      const encoded = encodeAppend(stream, events, expected);
      return inPatience(writer.submit({ stream, expected, ...encoded }), away);
    },
    read: (stream, readOptions) => inPatience(read(stream, readOptions), away),
    subscribe: (subscribeOptions) =>
      subscription({
        connection: feed,
        wake,
        tail,
        logger,
        pollMs,
        ...subscribeOptions,
        signal: AbortSignal.any([subscribeOptions.signal, closing.signal]),
      }),
    head: () =>
      reading.run(async (client) => {
        const [row] = await rowsOf(client, headOf());
        const head = row?.head ?? '0';
        return head === '0' ? '' : positionOf(head);
      }),
    // Positions are gapless: the difference is the number of events.
    behind: (position) =>
      reading.run(async (client) => {
        const [row] = await rowsOf(client, behindOf(String(counterOf(position))));
        return Number(row?.behind ?? 0);
      }),
    storeId: () =>
      reading.run(async (client) => {
        const id = await identityOn(client);
        if (id === null) throw new UnsafeEventStore('es.store is empty: the store has lost its identity');
        return id;
      }),
    identity: () => reading.run(identityOn),
    // The connection that writes: what comes after its end is written on another.
    watch: async (ended, signal) => {
      const client = await writing.client().catch((cause: unknown) => {
        throw failureOf(cause) === 'unknown' ? new StoreUnavailable('events', { cause }) : cause;
      });
      const done = (): void => {
        client.off('end', done);
        signal.removeEventListener('abort', done);
        if (!signal.aborted) ended();
      };
      client.on('end', done);
      signal.addEventListener('abort', done);
    },
    close,
  };
}
