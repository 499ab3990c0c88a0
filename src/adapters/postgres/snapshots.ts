import pg from 'pg';
import type { Logger, ReadStore, Scope, Snapshots, Statement } from '../../ports.ts';
import { asStoreError } from './failures.ts';
import { READER_ROLES, settingsOf } from './reads.ts';
import { columnTypes } from './types.ts';

/** A report reads for seconds, and between two pages its file is written. */
const PATIENCE_MS = 60_000;

const sameScope = (a: Scope, b: Scope): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A connection per snapshot: nobody who waits for an answer stands behind a report. */
export function createSnapshots({
  url,
  logger,
}: {
  readonly url: string;
  readonly logger: Logger;
}): Snapshots {
  return {
    async snapshot(scope, work) {
      const role = READER_ROLES[scope.kind];
      const client = new pg.Client({
        connectionString: url,
        application_name: `${role} report`,
        options: `-c role=${role} -c default_transaction_read_only=on -c jit=off -c idle_in_transaction_session_timeout=${String(PATIENCE_MS)}`,
        statement_timeout: PATIENCE_MS,
        lock_timeout: 2_000,
        connectionTimeoutMillis: 3_000,
        query_timeout: PATIENCE_MS + 1_000,
        keepAlive: true,
        types: columnTypes,
      });
      client.on('error', (err) => {
        logger.warn({ role, err }, 'a report lost its connection');
      });
      const query = async <Row extends object>({ text, values }: Statement): Promise<Row[]> => {
        try {
          return (await client.query<Row & pg.QueryResultRow>({ text, values: [...values] })).rows;
        } catch (error) {
          throw asStoreError(error);
        }
      };
      const read: ReadStore = {
        scoped: (wanted, ask) => {
          if (!sameScope(wanted, scope)) throw new TypeError('a snapshot shows its own scope only');
          return ask({ query });
        },
      };
      try {
        await client.connect().catch((error: unknown) => {
          throw asStoreError(error);
        });
        await query({ text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', values: [] });
        await query(settingsOf(scope));
        const result = await work(read);
        await query({ text: 'COMMIT', values: [] });
        return result;
      } finally {
        // Ends its transaction too. A connection that is gone already has nothing to end.
        await client.end().catch(() => undefined);
      }
    },
  };
}
