/** An empty Postgres of its own with every migration applied, for generators. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/adapters/embedded-postgres/start.ts';
import { createLogger } from '../../src/adapters/logger.ts';
import { migrate } from '../../src/adapters/migrations.ts';

/**
 * @param work gets the URL of the database; the server is stopped and removed when it settles
 * @returns what `work` returns
 */
export async function withMigratedPostgres<T>(work: (url: string) => Promise<T>): Promise<T> {
  const logger = createLogger({ level: 'warn' });
  const dataDir = mkdtempSync(join(tmpdir(), 'saga-schema-'));
  // As root, Postgres runs under an account that must be able to enter.
  chmodSync(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, logger });
  try {
    await migrate(postgres.url, { logger });
    return await work(postgres.url);
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
