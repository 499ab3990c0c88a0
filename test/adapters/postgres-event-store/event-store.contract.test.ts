import pg from 'pg';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import { eventStoreContract } from '../../contract/event-store.ts';
import { testDatabase } from '../../support/stores/postgres.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

eventStoreContract('Postgres', { interrupt: true, writeMalformed: true, holdAppendOpen: true }, async () => {
  const database = await testDatabase();
  const open = () => createPostgresEventStore({ connection: database.url, logger: silentLogger() });
  const store = await open();

  async function aside(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: database.superuserUrl });
    await client.connect();
    return client;
  }

  return {
    store,
    secondClient: open,
    interrupt: async () => {
      const client = await aside();
      await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`,
      );
      await client.end();
    },
    writeMalformed: async (stream) => {
      const client = await aside();
      await client.query(
        `select es.append($1, -1, array[gen_random_uuid()], '{Odd}', array['"a word"']::json[], array['7']::json[])`,
        [stream],
      );
      await client.end();
    },
    holdAppendOpen: async (stream) => {
      const client = await aside();
      await client.query('begin');
      await client.query(
        `select es.append($1, -1, array[gen_random_uuid()], '{Slow}', array['{}']::json[], array['{}']::json[])`,
        [stream],
      );
      return async () => {
        await client.query('commit');
        await client.end();
      };
    },
    stop: async () => {
      await store.close();
      await database.drop();
    },
  };
});
