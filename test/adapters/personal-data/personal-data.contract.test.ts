import { createChainedEventStore } from '../../../src/adapters/hash-chain/chained-event-store.ts';
import { createKeyRing } from '../../../src/adapters/personal-data/keys.ts';
import { createEncryptedEventStore } from '../../../src/adapters/personal-data/encrypted-event-store.ts';
import { createPostgres } from '../../../src/adapters/postgres/index.ts';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import type { EventStore } from '../../../src/ports.ts';
import { eventStoreContract } from '../../contract/event-store.ts';
import { testDatabase } from '../../support/stores/postgres.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

const none = { interrupt: false, writeMalformed: false, holdAppendOpen: false };

eventStoreContract('Postgres, chained and sealed', none, async () => {
  const database = await testDatabase();
  const logger = silentLogger();
  const postgres = createPostgres({ url: database.url, logger, poolSize: 2 });
  const open = async (): Promise<EventStore> =>
    createEncryptedEventStore(
      createChainedEventStore(await createPostgresEventStore({ connection: database.url, logger })),
      createKeyRing(postgres.writes, 'a master key for tests only, 32 characters'),
    );
  const store = await open();
  return {
    store,
    secondClient: open,
    stop: async () => {
      await store.close();
      await postgres.close();
      await database.drop();
    },
  };
});
