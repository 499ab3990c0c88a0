/** A real event store of the test's own, on the shared Postgres. */
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import type { EventStore } from '../../../src/ports.ts';
import { testDatabase } from './postgres.ts';
import { silentLogger } from '../observe/silent-logger.ts';

export interface TestStore {
  readonly store: EventStore;
  readonly url: string;
  /** The same database as superuser: the program's role can neither change nor remove events. */
  readonly superuserUrl: string;
  /** A second store on the same database, as another process has one. */
  another(): Promise<EventStore>;
  close(): Promise<void>;
}

export async function testStore(): Promise<TestStore> {
  const database = await testDatabase();
  const opened: EventStore[] = [];
  const another = async (): Promise<EventStore> => {
    const store = await createPostgresEventStore({
      connection: database.url,
      logger: silentLogger(),
      pollMs: 100,
    });
    opened.push(store);
    return store;
  };
  return {
    store: await another(),
    url: database.url,
    superuserUrl: database.superuserUrl,
    another,
    async close() {
      await Promise.all(opened.map((store) => store.close()));
      await database.drop();
    },
  };
}
