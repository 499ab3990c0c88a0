/**
 * `npm run eventstore:restore -- <one backup> <empty data folder of the server> [--index <folder>]`: puts the files of
 * EventStoreDB back while it does not run (docs/backup.md#the-files-of-eventstoredb). Run it as the server's user.
 */
import { parseArgs } from 'node:util';
import { runCommand } from './command-line/run-command.ts';
import { restoreServer } from './events/server-files.ts';

await runCommand(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { index: { type: 'string' } },
  });
  const [backup, db] = positionals;
  if (backup === undefined || db === undefined)
    throw new Error(
      'usage: npm run eventstore:restore -- <one backup> <empty data folder of EventStoreDB> [--index <folder>]',
    );
  const to = { db, ...(values.index !== undefined && { index: values.index }) };
  const files = await restoreServer(backup, to);
  console.log(
    `${String(files.length)} files are in ${db}, whole. Now: start EventStoreDB; of three nodes all with these same files. Then npm run store:accept.`,
  );
});
