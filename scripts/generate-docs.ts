/**
 * `npm run docs:generate`: writes docs/generated/* from the variables, the event schemas, and the migrations applied to an
 * empty Postgres of its own. A test fails where a file is not what this would write.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startEmbeddedPostgres } from '../src/adapters/embedded-postgres/start.ts';
import { createLogger } from '../src/adapters/logger.ts';
import { migrate } from '../src/adapters/migrations.ts';
import { generatedDocuments } from './docs/generated.ts';

const logger = createLogger({ level: 'warn' });
const dataDir = mkdtempSync(join(tmpdir(), 'saga-docs-'));
// As root, Postgres runs under an account that must be able to enter.
chmodSync(dataDir, 0o755);
const postgres = await startEmbeddedPostgres({ dataDir, logger });
try {
  await migrate(postgres.url, { logger });
  for (const [path, text] of Object.entries(await generatedDocuments(postgres.url))) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${path}`);
  }
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
