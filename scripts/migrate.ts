/** `npm run migrate`: brings the database of this configuration up to this version, and says what it did. */
import { secretsFor } from '../src/adapters/security/secrets.ts';
import { migrate } from '../src/adapters/migrations.ts';
import { assertMayOpen, openDatabase } from '../src/main/wiring/stores.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';

await runCommand(async () => {
  const { config, logger } = readSettings();
  secretsFor(config); // before there is a database: later they would count as lost
  const database = await openDatabase(config, logger);
  try {
    await assertMayOpen(config, database.url, logger);
    const applied = await migrate(database.url, { logger, ownerUrl: database.ownerUrl });
    console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
  } finally {
    await database.stop();
  }
});
