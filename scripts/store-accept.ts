/**
 * `npm run store:accept [-- --yes] [-- --always]`: the event store is not as it was, and that is right (docs/backup.md). Shows
 * what is lost and asks; with `--yes` it does not ask.
 */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { accept, printAccepted } from './backup/accept.ts';
import type { Losses } from './backup/losses.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';
import { progressLine } from './projections/format.ts';

const MOST_TICKETS = 20;

function show({ anchor, newest, events, tickets, items, running }: Losses): void {
  if (!newest) console.log('Nothing is on record of what this event store held.');
  else if (!anchor)
    console.log('This event store holds none of the events on record: it is another one, or empty.');
  else if (anchor === newest) console.log(`It holds every event on record, up to ${newest.at}.`);
  else console.log(`It is as it was up to ${anchor.at}. On record are events up to ${newest.at}.`);
  console.log(
    `Lost events of tickets, of which the audit log knows: ${String(events)}, of ${String(tickets.length)} tickets.`,
  );
  for (const id of tickets.slice(0, MOST_TICKETS)) console.log(`  ${id}`);
  if (tickets.length > MOST_TICKETS) console.log(`  and ${String(tickets.length - MOST_TICKETS)} more`);
  console.log(
    `What customers wrote and channels reported is taken in again: ${String(items.length)} webhook items.`,
  );
  console.log('What agents did since then is lost. Replies without an outcome become unknown.');
  if (running.size > 0) console.log(`Blasts that will be paused: ${String(running.size)}.`);
}

async function ask(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Error('Nothing was changed. If that is right: npm run store:accept -- --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question('Go on with this event store? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: { always: { type: 'boolean', default: false }, yes: { type: 'boolean', default: false } },
  });
  const { config, logger } = readSettings();
  const accepted = await accept(config, logger, {
    always: values.always,
    confirm: (losses) => {
      show(losses);
      return values.yes ? Promise.resolve(true) : ask();
    },
    onProgress: progressLine(process.stderr),
  });
  if (accepted === null) {
    console.log(
      'It is the right event store: there is nothing to accept. If this database and the event store were restored together ' +
        'by other means than npm run restore: npm run store:accept -- --always.',
    );
    return;
  }
  if (accepted === 'left') {
    console.log('Nothing was changed.');
    return;
  }
  printAccepted(accepted);
  console.log('Now start the program; processes that run have to be started again.');
});
