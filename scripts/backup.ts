/** `npm run backup -- <folder> [--personal <folder>]`: docs/backup.md. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { backupKeyOf } from '../src/adapters/security/secrets.ts';
import { assertMayOpen, assertRightStore, openDatabase, openEventStore } from '../src/main/wiring/stores.ts';
import { fingerprintsOf, PARTS } from './backup/folder.ts';
import { createBackupKey } from './backup/seal.ts';
import { writeBackup } from './backup/write.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';

await runCommand(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { personal: { type: 'string' } },
  });
  const [folder] = positionals;
  if (folder === undefined) throw new Error('usage: npm run backup -- <folder> [--personal <folder>]');
  const { config, logger } = readSettings();
  const name = `saga-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  const folders = {
    events: join(folder, name, PARTS[0]),
    personal:
      values.personal === undefined ? join(folder, name, PARTS[1]) : join(values.personal, name, PARTS[1]),
  };
  for (const part of PARTS) mkdirSync(dirname(folders[part]), { recursive: true, mode: 0o700 });
  // Not migrated: before an update the old program still runs on it.
  const key = createBackupKey(backupKeyOf(config));
  const fingerprints = fingerprintsOf(config);
  const database = await openDatabase(config, logger);
  try {
    await assertMayOpen(config, database.url, logger);
    const events = await openEventStore(config, database.url, logger);
    await assertRightStore(database.url, events, logger);
    const about = { storeId: await events.storeId(), head: await events.head() };
    await events.close();
    const written = await writeBackup({
      databaseUrl: database.url,
      folders,
      filesDir: config.FILES_DIR,
      fingerprints,
      key,
      ...about,
    });
    for (const part of PARTS) {
      const { tables, files } = written[part];
      const rows = tables.reduce((sum, one) => sum + one.rows, 0);
      console.log(
        `${folders[part]}: ${String(rows)} rows of ${String(tables.length)} tables, ${String(files.length)} files`,
      );
    }
    if (config.EVENTSTORE_URL !== undefined)
      console.log(
        'The events are in EventStoreDB and not in this backup: back it up now, after this (docs/backup.md).',
      );
    console.log(
      'The secrets are in none of it: keep DATA_DIR/secrets.json or the environment elsewhere, too.',
    );
  } finally {
    await database.stop();
  }
});
