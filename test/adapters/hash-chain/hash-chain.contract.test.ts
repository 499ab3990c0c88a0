/** Everything that holds for a store holds for a chained one; and whatever was done to it, its chain holds too. */
import { createEventStoreDb } from '../../../src/adapters/eventstoredb/index.ts';
import { createChainedEventStore } from '../../../src/adapters/hash-chain/chained-event-store.ts';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import { eventStoreContract } from '../../contract/event-store.ts';
import { hashChainContract } from '../../contract/hash-chain.ts';
import { startEsdbServer } from '../../support/esdb-server/index.ts';
import { testDatabase } from '../../support/stores/postgres.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

const NOTHING_ELSE = { interrupt: false, writeMalformed: false, holdAppendOpen: false };

async function onPostgres() {
  const database = await testDatabase();
  const raw = () => createPostgresEventStore({ connection: database.url, logger: silentLogger() });
  const open = async () => createChainedEventStore(await raw());
  const store = await open();
  const stop = async (): Promise<void> => {
    await store.close();
    await database.drop();
  };
  return { store, raw, secondClient: open, stop };
}

async function onEventStoreDb() {
  const server = await startEsdbServer();
  const raw = () =>
    Promise.resolve(createEventStoreDb({ connectionString: server.url, logger: silentLogger() }));
  const open = async () => createChainedEventStore(await raw());
  const store = await open();
  const stop = async (): Promise<void> => {
    await store.close();
    server.stop();
  };
  return { store, raw, secondClient: open, stop };
}

eventStoreContract('Postgres, chained', NOTHING_ELSE, onPostgres);
eventStoreContract('EventStoreDB client, chained', NOTHING_ELSE, onEventStoreDb);
hashChainContract('Postgres', onPostgres);
hashChainContract('EventStoreDB client', onEventStoreDb);
