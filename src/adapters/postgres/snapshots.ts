import { sql } from 'kysely';
import pg from 'pg';
import { assembled, statement, write } from '../../engine/sql/statement.ts';
import type { Logger, ReadStore, Scope, Snapshots, Sql, Statement } from '../../ports.ts';
import { asStoreError } from './connection-errors.ts';
import { READER_ROLES, settingsOf } from './reads.ts';
import { rowsOf } from './rows-of.ts';
import { prepareSession } from './session.ts';
import { columnTypes } from './types.ts';

/** A report reads for seconds, and between two pages its file is written. */
const PATIENCE_MS = 60_000;

const SETTINGS = {
  default_transaction_read_only: 'on',
  jit: 'off',
  idle_in_transaction_session_timeout: String(PATIENCE_MS),
  statement_timeout: String(PATIENCE_MS),
  lock_timeout: '2000',
};

interface Options {
  readonly url: string;
  readonly logger: Logger;
}

function clientFor(role: string, { url, logger }: Options): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    application_name: `${role} report`,
    connectionTimeoutMillis: 3_000,
    query_timeout: PATIENCE_MS + 1_000,
    keepAlive: true,
    pipeline: true,
    types: columnTypes,
  });
  client.on('error', (err) => {
    logger.warn({ role, err }, 'a report lost its connection');
  });
  return client;
}

const exportSnapshot = statement(null, () => sql<{ id: string }>`select pg_export_snapshot() as id`);

/** Planned for its values: a report asks each of its questions once or twice. */
const unnamed = <Row extends object>({ text, values }: Statement<Row>): Statement<Row> =>
  assembled(null, text, values);

const sqlOf = (client: pg.Client): Sql => ({
  query: async (one) => {
    try {
      return await rowsOf(client, unnamed(one));
    } catch (error) {
      throw asStoreError(error);
    }
  },
});

/** Connections of their own: no request waits behind a report. */
export const createSnapshots = (options: Options): Snapshots => ({
  async snapshot(work) {
    const clients: pg.Client[] = [];
    const scopes = new Map<string, Promise<Sql>>();
    let first: Promise<string> | undefined;

    /** A transaction of its own role, which sees what the first one sees. */
    async function open(
      scope: Scope,
      moment: Promise<string> | undefined,
      is: (id: string) => void,
    ): Promise<Sql> {
      const client = clientFor(READER_ROLES[scope.kind], options);
      clients.push(client);
      const role = READER_ROLES[scope.kind];
      await client
        .connect()
        .then(() => prepareSession(client, { role, settings: SETTINGS }))
        .catch((error: unknown) => {
          throw asStoreError(error);
        });
      const on = sqlOf(client);
      await on.query(write(null, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'));
      if (moment) {
        // A name that Postgres gave; no parameter is allowed here.
        const id = (await moment).replaceAll(/[^0-9A-F-]/gi, '');
        await on.query(write(null, `SET TRANSACTION SNAPSHOT '${id}'`));
      } else {
        const [row] = await on.query(exportSnapshot());
        is(row?.id ?? '');
      }
      await on.query(settingsOf(scope));
      return on;
    }

    function sqlFor(scope: Scope): Promise<Sql> {
      const key = JSON.stringify(scope);
      const known = scopes.get(key);
      if (known) return known;
      let is: (id: string) => void = () => undefined;
      const moment = first;
      const fresh = open(scope, moment, (id) => {
        is(id);
      });
      if (!moment) {
        const exported = new Promise<string>((resolve) => (is = resolve));
        first = Promise.race([exported, fresh.then(() => exported)]);
        first.catch(() => undefined); // the caller that opened the first one gets the error
      }
      scopes.set(key, fresh);
      return fresh;
    }

    const read: ReadStore = { scoped: async (scope, ask) => ask(await sqlFor(scope)) };
    try {
      return await work(read);
    } finally {
      // Ends their transactions too; they only read. A connection that is gone already has nothing to end.
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    }
  },
});
