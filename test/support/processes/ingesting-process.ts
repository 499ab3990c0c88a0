/** A process that ingests until it is killed: `ingesting-process.ts <database url>`. */
import { createLeases } from '../../../src/adapters/cluster/leases.ts';
import { pubSubFor } from '../../../src/adapters/cluster/pub-sub.ts';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import { createWebhookInbox } from '../../../src/adapters/operational/webhook-inbox.ts';
import { createIngester } from '../../../src/jobs/inbound/ingester.ts';
import { commandsOn } from '../scenarios/commands.ts';
import { silentLogger } from '../observe/silent-logger.ts';

const url = process.argv[2] ?? '';
const logger = silentLogger();
const pubSub = pubSubFor({ redisUrl: undefined, databaseUrl: url, logger });
const { receive, receiveTogether } = commandsOn(await createPostgresEventStore({ connection: url, logger }));
const ingester = createIngester({
  inbox: createWebhookInbox({ url, pubSub, logger }),
  // Slow enough that the test can kill it before it is done.
  receive: async (item, received) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return receive(item, received);
  },
  receiveTogether: async (items) => {
    await new Promise((resolve) => setTimeout(resolve, 5 * items.length));
    return receiveTogether(items);
  },
  leases: createLeases({ url, logger }),
  pubSub,
  log: logger,
  concurrency: 2,
});
process.send?.('ready');
// A test that was killed itself must not leave this behind.
process.on('disconnect', () => process.exit());
await ingester.run(new AbortController().signal);
