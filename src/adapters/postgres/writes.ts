import pg from 'pg';
import type { Logger, Sql, Statement, WriteStore } from '../../ports.ts';
import { asWriteError } from './connection-errors.ts';
import type { PoolUse } from './reads.ts';
import { type Queryable, rowsOf } from './rows-of.ts';
import { verifying } from './session.ts';
import { turnSocket } from '../turn-socket.ts';
import { columnTypes } from './types.ts';

export interface WritesOptions {
  readonly url: string;
  readonly logger: Logger;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
}

async function written<Row extends object>(on: Queryable, statement: Statement<Row>): Promise<Row[]> {
  try {
    return await rowsOf(on, statement);
  } catch (error) {
    throw asWriteError(error);
  }
}

/**
 * The projector's and the operational tables' connections, as the owner of the tables. Within one transaction
 * statements may be asked for without waiting for each other's answers.
 */
export function createWrites(
  options: WritesOptions,
): WriteStore & { use(): PoolUse; close(): Promise<void> } {
  const { logger } = options;
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: 'saga writer',
    max: options.poolSize,
    verify: verifying({
      statement_timeout: String(options.statementTimeoutMs),
      lock_timeout: '5000',
      idle_in_transaction_session_timeout: '30000',
    }),
    connectionTimeoutMillis: 5_000,
    query_timeout: options.statementTimeoutMs + 1_000,
    keepAlive: true,
    pipeline: true,
    stream: turnSocket,
    types: columnTypes,
  });
  // A connection that dies, idle or in use, must not end the process (docs/design/reliability.md#checkpoints).
  pool.on('error', (err) => {
    logger.warn({ err }, 'idle write connection lost');
  });
  pool.on('connect', (client) => {
    client.on('error', (err: Error) => {
      logger.debug({ err }, 'write connection lost');
    });
  });

  const begin = async (): Promise<pg.PoolClient> => {
    try {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        return client;
      } catch (error) {
        client.release(true);
        throw error;
      }
    } catch (error) {
      throw asWriteError(error);
    }
  };

  const commit = async (client: pg.PoolClient): Promise<void> => {
    let command: string;
    try {
      ({ command } = await client.query('COMMIT'));
    } catch (error) {
      throw asWriteError(error);
    }
    // Postgres answers COMMIT of a failed transaction with a quiet ROLLBACK: the work hid an error.
    if (command !== 'COMMIT') throw new Error('transaction rolled back: one of its statements had failed');
  };

  return {
    query: (statement) => written(pool, statement),
    transaction: async (work) => {
      const client = await begin();
      const sql: Sql = { query: (statement) => written(client, statement) };
      try {
        const result = await work(sql);
        await commit(client);
        client.release();
        return result;
      } catch (error) {
        // A connection that cannot even roll back is thrown away, and the server rolls back by itself.
        const clean = await client.query('ROLLBACK').then(
          () => true,
          () => false,
        );
        client.release(!clean);
        throw error;
      }
    },
    use: () => ({
      pool: 'write',
      open: pool.totalCount,
      most: options.poolSize,
      busy: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: () => pool.end(),
  };
}
