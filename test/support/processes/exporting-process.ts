/** A process that begins a file and never ends it: `exporting-process.ts <database url> <folder>`. */
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import { exportsJob } from '../scenarios/exporting.ts';
import { silentLogger } from '../observe/silent-logger.ts';

const [, , url = '', folder = ''] = process.argv;
const store = await createPostgresEventStore({ connection: url, logger: silentLogger() });
const { job } = exportsJob(
  { store, url, folder, clock: { now: () => new Date() } },
  (_wish, { progress, keep }) => {
    async function* bytes(): AsyncIterable<Uint8Array> {
      yield Buffer.from('half of a file');
      progress(40);
      // The chunk before was written by the time the next is asked for.
      process.send?.('half');
      await new Promise<never>(() => undefined);
    }
    return keep(bytes());
  },
);
// A test that was killed itself must not leave this behind.
process.on('disconnect', () => process.exit());
await job.run(new AbortController().signal);
