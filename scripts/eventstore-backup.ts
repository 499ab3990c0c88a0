/**
 * `npm run eventstore:backup -- <data folder of the server> <folder> [--index <folder>]`: copies the files of a running
 * EventStoreDB (docs/backup.md#the-files-of-eventstoredb). Needs to read them, and nothing of saga's settings.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from './command-line/run-command.ts';
import { backUpServer, backupsIn } from './events/server-files.ts';

const MEGABYTE = 1024 * 1024;

await runCommand(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { index: { type: 'string' } },
  });
  const [db, folder] = positionals;
  if (db === undefined || folder === undefined)
    throw new Error(
      'usage: npm run eventstore:backup -- <data folder of EventStoreDB> <folder> [--index <folder>]',
    );
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const to = join(folder, `eventstore-${new Date().toISOString().replace(/[:.]/g, '-')}`);
  const previous = (await backupsIn(folder)).at(-1);
  const from = { db, ...(values.index !== undefined && { index: values.index }) };
  const { files, linked } = await backUpServer(from, to, previous);
  const megabytes = Math.ceil(files.reduce((sum, { bytes }) => sum + bytes, 0) / MEGABYTE);
  console.log(
    `${to}: ${String(files.length)} files, ${String(megabytes)} MB with gaps, ${String(linked)} of them linked to the backup before.`,
  );
});
