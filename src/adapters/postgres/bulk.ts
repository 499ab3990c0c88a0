import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { BulkSession, BulkStore, Logger } from '../../ports.ts';
import { asWriteError } from './connection-errors.ts';
import { rowsOf } from './rows-of.ts';
import { prepareSession } from './session.ts';
import { columnTypes } from './types.ts';

/**
 * - no search_path: definitions then come out of the catalogue with their schemas, whatever the role is set to
 * - maintenance_work_mem: index builds in memory (docs/design/performance.md#bulk-load)
 * - jit: compiling costs more than these statements
 * - client_connection_check_interval: what a killed process was building must not block its next run
 */
const SETTINGS = {
  search_path: 'pg_catalog',
  synchronous_commit: 'off',
  // 128 MB, in the unit of pg_settings.
  maintenance_work_mem: '131072',
  jit: 'off',
  lock_timeout: '5000',
  client_connection_check_interval: '1000',
};

/** Sessions for long work; each is a connection that its user closes. */
export function createBulk(options: { readonly url: string; readonly logger: Logger }): BulkStore {
  return {
    open: async () => {
      const client = new pg.Client({
        connectionString: options.url,
        application_name: 'saga rebuild',
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
        types: columnTypes,
      });
      // The next statement fails; without a listener the process would end.
      client.on('error', (err) => {
        options.logger.warn({ err }, 'connection of a rebuild lost');
      });
      await client
        .connect()
        .then(() => prepareSession(client, { settings: SETTINGS }))
        .catch((error: unknown) => {
          throw asWriteError(error);
        });
      return sessionOn(client);
    },
  };
}

function sessionOn(client: pg.Client): BulkSession {
  // Views ask for several statements at once: they go one after the other.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work).catch((error: unknown) => {
      throw asWriteError(error);
    });
    last = result.catch(() => undefined);
    return result;
  };
  return {
    query: (statement) => inTurn(() => rowsOf(client, statement)),
    transaction: async (work, { snapshot = false, durable = false } = {}) => {
      await inTurn(() => client.query(snapshot ? 'begin isolation level repeatable read' : 'begin'));
      try {
        if (durable) await inTurn(() => client.query('set local synchronous_commit = on'));
        const result = await work();
        const { command } = await inTurn(() => client.query('commit'));
        if (command !== 'COMMIT')
          throw new Error('transaction rolled back: one of its statements had failed');
        return result;
      } catch (error) {
        // On a lost connection there is nothing to roll back; the first failure is the one to report.
        await inTurn(() => client.query('rollback')).catch(() => undefined);
        throw error;
      }
    },
    copy: (into, { pieces, options = '' }) =>
      inTurn(() =>
        pipeline(
          Readable.from(pieces, { objectMode: false }),
          client.query(copyFrom(`copy ${into} from stdin ${options}`)),
        ),
      ),
    close: () => client.end(),
  };
}
