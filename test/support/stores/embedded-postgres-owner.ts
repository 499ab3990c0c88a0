import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/start.ts';
import { createLogger } from '../../../src/adapters/logger.ts';

/**
 * A process that owns an embedded Postgres, for tests that kill it. Arguments: data folder, folder for programs.
 * Prints one JSON line `{ url, pid }` or `{ error }`; stops on SIGTERM.
 */
const [dataDir = '', shared = ''] = process.argv.slice(2);
try {
  const postgres = await startEmbeddedPostgres({
    dataDir,
    shared,
    logger: createLogger({ level: 'silent' }),
  });
  console.log(JSON.stringify({ url: postgres.url, pid: postgres.pid() }));
  const keepAlive = setInterval(() => undefined, 1_000);
  process.once('SIGTERM', () => {
    clearInterval(keepAlive);
    void postgres.stop();
  });
} catch (error) {
  console.log(JSON.stringify({ error: String(error) }));
}
