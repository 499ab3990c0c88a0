import pg from 'pg';
import type { Logger, StatementText } from '../../ports.ts';
import { isLostConnection } from './connection-errors.ts';
import { prepareSession, type SessionSettings } from './session.ts';
import { turnSocket } from '../turn-socket.ts';
import { columnTypes } from './types.ts';

type Row = Record<string, unknown>;
export type StatementResult = PromiseSettledResult<readonly Row[]>;

interface Connection {
  readonly client: pg.Client;
  readonly ready: Promise<unknown>;
  waiting: number;
}

export interface PipelinedConnectionsOptions {
  readonly url: string;
  /** The session runs as this role before anybody gets it: not even a failed BEGIN makes it the owner. */
  readonly role: string;
  readonly size: number;
  readonly statementTimeoutMs: number;
  readonly logger: Logger;
}

/** Connections that several readers share: bursts of statements follow each other without waiting for answers. */
export interface PipelinedConnections {
  /** One read-only transaction, sent in one go: `setup` first, then `statements`; one outcome per statement. */
  run(setup: StatementText, statements: readonly StatementText[]): Promise<readonly StatementResult[]>;
  /** Connections, and transactions that were sent and not answered. */
  use(): { readonly open: number; readonly busy: number };
  close(): Promise<void>;
}

/**
 * Pipelining makes a scoped query one round trip (docs/design/performance.md#pipelining: BEGIN, set_config, page,
 * COMMIT 0.46 -> 0.25 ms). A session keeps one role, because prepared plans of tables with row security are thrown
 * away when the role changes.
 */
export function createPipelinedConnections(options: PipelinedConnectionsOptions): PipelinedConnections {
  const { logger, role, statementTimeoutMs } = options;
  const connections = new Set<Connection>();
  // Words of closed lists are literals in the inbox' statements, so one plan is right for all values, and planning
  // again costs more than running (0.3-3 ms against 0.2). No parallel workers: starting them takes 10 ms, and a
  // generic plan starts them for a count over an unknown range of time that then finds a handful of rows.
  const session: SessionSettings = {
    role,
    settings: {
      default_transaction_read_only: 'on',
      idle_in_transaction_session_timeout: '10000',
      plan_cache_mode: 'force_generic_plan',
      max_parallel_workers_per_gather: '0',
      statement_timeout: String(statementTimeoutMs),
      lock_timeout: '2000',
    },
  };
  let closed = false;

  const open = (): Connection => {
    const client = new pg.Client({
      connectionString: options.url,
      application_name: role,
      connectionTimeoutMillis: 3_000,
      query_timeout: statementTimeoutMs + 1_000,
      keepAlive: true,
      pipeline: true,
      stream: turnSocket,
      types: columnTypes,
    });
    const ready = client.connect().then(() => prepareSession(client, session));
    const connection: Connection = { client, ready, waiting: 0 };
    ready.catch(() => {
      connections.delete(connection);
      void client.end().catch(() => undefined); // it may never have come
    });
    client.on('error', (error) => {
      if (connections.delete(connection)) logger.warn({ role, err: error }, 'read connection lost');
    });
    client.on('end', () => connections.delete(connection));
    connections.add(connection);
    return connection;
  };

  const pick = (): Connection => {
    let best: Connection | undefined;
    for (const connection of connections) if (!best || connection.waiting < best.waiting) best = connection;
    return best && (best.waiting === 0 || connections.size >= options.size) ? best : open();
  };

  const send = async (
    { client }: Connection,
    setup: StatementText,
    statements: readonly StatementText[],
  ): Promise<readonly StatementResult[]> => {
    // All in one tick: nobody else's statement can come between, and the answers come back in this order.
    const rows = ({ name, text, values }: StatementText): Promise<readonly Row[]> =>
      client
        .query<Row>({ text, values: [...values], ...(name === undefined ? {} : { name }) })
        .then((result) => result.rows);
    const begun = client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const prepared = Promise.allSettled([begun, rows(setup)]);
    const answers = Promise.allSettled(statements.map(rows));
    const committed = Promise.allSettled([client.query('COMMIT')]);
    const [[begin, set], outcomes] = await Promise.all([prepared, answers, committed]);
    if (begin.status === 'rejected') throw begin.reason;
    if (set.status === 'rejected') throw set.reason;
    const lost = outcomes.find((one) => one.status === 'rejected' && isLostConnection(one.reason));
    if (lost?.status === 'rejected') throw lost.reason;
    return outcomes;
  };

  return {
    run: async (setup, statements) => {
      for (let again = true; ; again = false) {
        if (closed) throw new Error('the read store is closed');
        const connection = pick();
        connection.waiting += 1;
        try {
          await connection.ready;
        } catch (error) {
          connection.waiting -= 1;
          throw error; // no server: trying twice would only double the wait
        }
        try {
          return await send(connection, setup, statements);
        } catch (error) {
          // A connection that died while idle is noticed by its next user; reading twice harms nobody.
          if (!again || !isLostConnection(error)) throw error;
        } finally {
          connection.waiting -= 1;
        }
      }
    },
    use: () => ({
      open: connections.size,
      busy: [...connections].reduce((sum, { waiting }) => sum + waiting, 0),
    }),
    close: async () => {
      closed = true;
      await Promise.all([...connections].map((connection) => connection.client.end()));
    },
  };
}
