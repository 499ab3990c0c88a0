/** Both event stores, each with a way to put an older copy, or nothing, in their place while they are used. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createEventStoreDb } from '../../../src/adapters/eventstoredb/index.ts';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import type { EventStore, VerifyStore } from '../../../src/ports.ts';
import { type EsdbServer, startEsdbServer } from '../esdb-server/index.ts';
import { EMPTY_LOG } from '../esdb-server/log.ts';
import { silentLogger } from '../observe/silent-logger.ts';
import { testDatabase } from './postgres.ts';

/** How a store is exchanged: with every connection broken, as when its server is another one; or under open ones. */
export type Exchange = 'broken' | 'open';

export interface SwappableStore {
  readonly name: string;
  open(verify?: VerifyStore): Promise<EventStore>;
  /** What it holds now. @returns puts it back */
  copy(): Promise<(exchange: Exchange) => Promise<void>>;
  /** Nothing was ever written to what answers now. */
  empty(exchange: Exchange): Promise<void>;
  /** Ids of all events of ours, in order. */
  eventIds(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** The log of the protocol-level server. */
export function serverExchange(server: EsdbServer): Pick<SwappableStore, 'copy' | 'empty' | 'eventIds'> {
  const put = (copy: Parameters<typeof server.swap>[0]) => async (exchange: Exchange) => {
    if (exchange === 'broken') await server.swap(copy);
    else server.log.become(copy);
  };
  return {
    copy: () => Promise.resolve(put(server.log.copy())),
    empty: put(EMPTY_LOG),
    eventIds: () =>
      Promise.resolve(
        server.log.events
          .filter(({ stream }) => stream !== 'saga-store' && !stream.startsWith('$'))
          .map(({ id }) => id),
      ),
  };
}

export async function swappableEventStoreDb(): Promise<SwappableStore & { readonly server: EsdbServer }> {
  const server = await startEsdbServer();
  return {
    ...serverExchange(server),
    name: 'EventStoreDB client, protocol-level test server',
    server,
    open: (verify) =>
      Promise.resolve(
        createEventStoreDb({
          connectionString: server.url,
          logger: silentLogger(),
          watchdogMs: 500,
          ...(verify && { verify }),
        }),
      ),
    close: () => {
      server.stop();
      return Promise.resolve();
    },
  };
}

/** The schema of the Postgres store, exchanged by a superuser, past the triggers that keep everybody else from it. */
export function postgresExchange(admin: pg.Client): Pick<SwappableStore, 'copy' | 'empty' | 'eventIds'> {
  async function put(
    rows: readonly object[],
    head: string,
    storeId: string,
    exchange: Exchange,
  ): Promise<void> {
    const { rows: triggers } = await admin.query<{ name: string }>(
      "select quote_ident(tgname) as name from pg_trigger where tgrelid = 'es.events'::regclass and not tgisinternal and tgenabled = 'A'",
    );
    await admin.query('begin');
    await admin.query('alter table es.events disable trigger all');
    await admin.query('select from es.store for update');
    await admin.query('delete from es.events');
    await admin.query('insert into es.events select * from json_populate_recordset(null::es.events, $1)', [
      JSON.stringify(rows),
    ]);
    await admin.query('update es.store set head = $1, store_id = $2', [head, storeId]);
    for (const { name } of triggers) await admin.query(`alter table es.events enable always trigger ${name}`);
    await admin.query('commit');
    if (exchange === 'broken')
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'saga-events-%'`,
      );
  }
  return {
    copy: async () => {
      const { rows: events } = await admin.query<{ row: object }>(
        'select to_json(e) as row from es.events e order by position',
      );
      const { rows } = await admin.query<{ head: string; id: string }>(
        'select head, store_id as id from es.store',
      );
      const [{ head, id } = { head: '0', id: '' }] = rows;
      return (exchange) =>
        put(
          events.map(({ row }) => row),
          head,
          id,
          exchange,
        );
    },
    empty: (exchange) => put([], '0', randomUUID(), exchange),
    eventIds: async () => {
      const { rows } = await admin.query<{ id: string }>(
        'select event_id as id from es.events order by position',
      );
      return rows.map(({ id }) => id);
    },
  };
}

/** Its events are in a database of their own: that of the tables is another. */
export async function swappablePostgres(): Promise<SwappableStore> {
  const database = await testDatabase();
  const admin = new pg.Client({ connectionString: database.superuserUrl });
  await admin.connect();
  return {
    ...postgresExchange(admin),
    name: 'Postgres',
    open: (verify) =>
      createPostgresEventStore({
        connection: database.url,
        logger: silentLogger(),
        pollMs: 100,
        ...(verify && { verify }),
      }),
    close: async () => {
      await admin.end();
      await database.drop();
    },
  };
}
