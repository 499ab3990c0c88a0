import { createEventStoreDb } from '../../../src/adapters/eventstoredb/index.ts';
import { eventStoreContract } from '../../contract/event-store.ts';
import { startEsdbServer } from '../../support/esdb-server/index.ts';
import { rawEvent } from '../../support/esdb-server/log.ts';
import { realPlainServers } from '../../support/real-eventstoredb/servers.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

eventStoreContract(
  'EventStoreDB client, protocol-level test server',
  { interrupt: true, writeMalformed: true, holdAppendOpen: false },
  async () => {
    const server = await startEsdbServer();
    const open = () => createEventStoreDb({ connectionString: server.url, logger: silentLogger() });
    const store = open();
    return {
      store,
      secondClient: () => Promise.resolve(open()),
      interrupt: async () => {
        server.kill();
        await server.restart();
      },
      writeMalformed: (stream) => {
        server.inject(stream, rawEvent('Odd', '{"not": json'));
        return Promise.resolve();
      },
      stop: async () => {
        await store.close();
        server.stop();
      },
    };
  },
);

const realServer = process.env['EVENTSTORE_TEST_URL'];
if (realServer) {
  eventStoreContract(
    'EventStoreDB, the server of EVENTSTORE_TEST_URL',
    { interrupt: false, writeMalformed: false, holdAppendOpen: false },
    () => {
      const open = () => createEventStoreDb({ connectionString: realServer, logger: silentLogger() });
      const store = open();
      return Promise.resolve({
        store,
        secondClient: () => Promise.resolve(open()),
        stop: () => store.close(),
      });
    },
  );
}

for (const { name, start } of realPlainServers()) {
  eventStoreContract(name, { interrupt: true, writeMalformed: false, holdAppendOpen: false }, async () => {
    const server = await start();
    const open = () => createEventStoreDb({ connectionString: server.url, logger: silentLogger() });
    const store = open();
    return {
      store,
      secondClient: () => Promise.resolve(open()),
      interrupt: async () => {
        await server.kill();
        await server.restart();
      },
      stop: async () => {
        await store.close();
        await server.stop();
      },
    };
  });
}
