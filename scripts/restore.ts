/** `npm run restore -- [--resume] [--unsigned] <folder of one backup> [--personal <folder>]`: docs/backup.md. */
import { parseArgs } from 'node:util';
import { backupKeyOf } from '../src/adapters/security/secrets.ts';
import { openDatabase } from '../src/main/wiring/stores.ts';
import { accept, printAccepted } from './backup/accept.ts';
import { fingerprintsOf } from './backup/folder.ts';
import { partFolders, readBackup } from './backup/read.ts';
import { createBackupKey } from './backup/seal.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';

await runCommand(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      personal: { type: 'string' },
      resume: { type: 'boolean', default: false },
      unsigned: { type: 'boolean', default: false },
    },
  });
  const [folder] = positionals;
  if (folder === undefined)
    throw new Error('usage: npm run restore -- [--resume] <folder of one backup> [--personal <folder>]');
  const { config, logger } = readSettings();
  const key = createBackupKey(backupKeyOf(config));
  const fingerprints = fingerprintsOf(config);
  const database = await openDatabase(config, logger);
  try {
    const { at, head } = await readBackup({
      databaseUrl: database.url,
      folders: partFolders(folder, values.personal),
      filesDir: config.FILES_DIR,
      fingerprints,
      resume: values.resume,
      unsigned: values.unsigned,
      key,
      logger,
    });
    console.log(
      `Restored as it was at ${at}${config.EVENTSTORE_URL === undefined ? ` (event ${head})` : ''}.`,
    );
    if (config.EVENTSTORE_URL !== undefined) {
      console.log(
        'Now restore EventStoreDB, then: npm run store:accept, npm start. Until then nothing starts.',
      );
      return;
    }
    const accepted = await accept(config, logger, { always: true, confirm: () => Promise.resolve(true) });
    if (accepted !== null && accepted !== 'left') printAccepted(accepted);
    console.log(
      'Now: npm start. The read tables are built from the events while it starts (/readyz says when).',
    );
  } finally {
    await database.stop();
  }
});
