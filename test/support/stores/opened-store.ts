/** The event store as the program reads it: decrypted with the keys of its database. */
import { createKeyRing } from '../../../src/adapters/personal-data/keys.ts';
import { createEncryptedEventStore } from '../../../src/adapters/personal-data/encrypted-event-store.ts';
import type { Secrets } from '../../../src/adapters/security/secrets.ts';
import { createPostgres } from '../../../src/adapters/postgres/index.ts';
import type { EventStore } from '../../../src/ports.ts';
import type { DataFolder } from '../processes/program.ts';
import { silentLogger } from '../observe/silent-logger.ts';

/** Also closes the store when it is closed. */
export function openedStore(
  store: EventStore,
  folder: Pick<DataFolder, 'databaseUrl'> & { secrets(): Pick<Secrets, 'MASTER_KEY'> },
): EventStore {
  const postgres = createPostgres({ url: folder.databaseUrl(), logger: silentLogger(), poolSize: 2 });
  const opened = createEncryptedEventStore(
    store,
    createKeyRing(postgres.writes, folder.secrets().MASTER_KEY),
  );
  return {
    ...opened,
    close: async () => {
      await opened.close();
      await postgres.close();
    },
  };
}
