/** `npm run store:accept`: the event store was restored from a backup, and that is right (docs/backup.md). */
import { accept, printAccepted } from './backup/accept.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';

await runCommand(async () => {
  const { config, logger } = readSettings();
  const accepted = await accept(config, logger, process.argv.includes('--always'));
  if (accepted === null) {
    console.log('Every job fits the event store: there is nothing to accept.');
    return;
  }
  printAccepted(accepted);
  console.log('Now: npm run projections -- rebuild all.');
});
