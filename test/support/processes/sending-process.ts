/** A process that sends until it is killed: `sending-process.ts <database url> <simulator url>`. */
import { uuids } from '../../../src/adapters/clock.ts';
import { createJobCheckpoints } from '../../../src/adapters/operational/job-checkpoints.ts';
import { createLeases } from '../../../src/adapters/cluster/leases.ts';
import { createPostgres } from '../../../src/adapters/postgres/index.ts';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import { recordDelivery } from '../../../src/commands/outbound/record-delivery.ts';
import { createSender } from '../../../src/jobs/outbound/sender.ts';
import { commandsOn } from '../scenarios/commands.ts';
import { channelsTo, QUICK } from '../scenarios/sending.ts';
import { skippedEvents } from '../observe/skipped-events.ts';
import { silentLogger } from '../observe/silent-logger.ts';

const [, , url = '', simulator = ''] = process.argv;
const log = silentLogger();
const clock = { now: () => new Date() };
const store = await createPostgresEventStore({ connection: url, logger: log });
const { commands } = commandsOn(store);
const sender = createSender({
  store,
  handler: commands.handler,
  record: recordDelivery({ handler: commands.handler, clock }),
  checkpoints: createJobCheckpoints(createPostgres({ url, logger: log }).writes),
  channels: channelsTo(simulator),
  leases: createLeases({ url, logger: log }),
  clock,
  ids: uuids,
  log,
  skipped: skippedEvents(log),
  observer: { outcome: () => undefined, lineState: () => undefined, waiting: () => undefined },
  timing: QUICK,
});
process.send?.('ready');
// A test that was killed itself must not leave this behind.
process.on('disconnect', () => process.exit());
await sender.run(new AbortController().signal);
