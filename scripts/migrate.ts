/** `npm run migrate`: brings the database of this configuration up to this version, and says what it did. */
import { existsSync } from 'node:fs';
import { startEmbeddedPostgres } from '../src/adapters/embedded-postgres/start.ts';
import { createLogger } from '../src/adapters/logger.ts';
import { migrate } from '../src/adapters/migrations.ts';
import { readConfig } from '../src/config.ts';

if (existsSync('.env')) process.loadEnvFile('.env');
try {
  const config = readConfig();
  const logger = createLogger({ level: config.LOG_LEVEL });
  // The running server of this DATA_DIR when there is one, else one for our own time (architecture.md 2).
  const embedded =
    config.DATABASE_URL === undefined
      ? await startEmbeddedPostgres({
          dataDir: config.DATA_DIR,
          ...(config.EMBEDDED_POSTGRES_PORT === undefined ? {} : { port: config.EMBEDDED_POSTGRES_PORT }),
          logger,
        })
      : undefined;
  try {
    const applied = await migrate(config.DATABASE_URL ?? embedded?.url ?? '', { logger });
    console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
  } finally {
    await embedded?.stop();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
