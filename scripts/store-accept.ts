/** `npm run store:accept`: the event store was restored from a backup, and that is right (docs/backup.md). */
import { accept, tellAccepted } from './backup/accept.ts';
import { command, settings } from './command-line/run-command.ts';

await command(async () => {
  const { config, logger } = settings();
  const accepted = await accept(config, logger, process.argv.includes('--always'));
  if (accepted === null) {
    console.log('Every job fits the event store: there is nothing to accept.');
    return;
  }
  tellAccepted(accepted);
  console.log('Now: npm run projections -- rebuild all.');
});
