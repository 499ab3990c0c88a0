/**
 * `npm run eventstore:setup`: makes the user of EVENTSTORE_URL on EventStoreDB and gives it its rights, as an
 * administrator of EventStoreDB: EVENTSTORE_ADMIN_URL, or asked. It may run any number of times, and says what it did.
 */
import { createInterface } from 'node:readline/promises';
import { serverAddress, type ServerAddress } from '../src/adapters/eventstoredb/address.ts';
import { explanationOf } from '../src/adapters/eventstoredb/causes.ts';
import { StoreRefused } from '../src/ports.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';

const VARIABLE = 'EVENTSTORE_ADMIN_URL';

/** The administrator of the server of EVENTSTORE_URL. */
async function administrator(own: ServerAddress, allowInsecure: boolean): Promise<ServerAddress> {
  const given = process.env[VARIABLE];
  if (given !== undefined && given !== '') return serverAddress(given, { allowInsecure, variable: VARIABLE });
  if (!process.stdin.isTTY)
    throw new Error(
      `Set ${VARIABLE} (esdb://admin:password@host:2113?tls=true&tlsCAFile=...), or use a terminal.`,
    );
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const username = (await terminal.question('Administrator of EventStoreDB (admin): ')) || 'admin';
    return { ...own, credentials: { username, password: await terminal.question('Password: ') } };
  } finally {
    terminal.close();
  }
}

async function main(): Promise<void> {
  const { config, logger } = readSettings();
  const { EVENTSTORE_URL: url, EVENTSTORE_ALLOW_INSECURE: allowInsecure } = config;
  if (url === undefined)
    throw new Error('EVENTSTORE_URL is not set: the events are in Postgres, and there is nothing to set up.');
  const own = serverAddress(url, { allowInsecure });
  if (!own.secure) {
    console.log(
      'EVENTSTORE_URL has tls=false: without TLS EventStoreDB checks nobody, so there are no rights to set.',
    );
    return;
  }
  // Loaded on demand: the client and gRPC cost start time, and an installation without EventStoreDB has no use for them.
  const { ADMINISTRATORS, setUpEventStore } =
    await import('../src/adapters/eventstoredb/administration/setup.ts');
  if (ADMINISTRATORS.has(own.credentials.username))
    throw new Error(
      `EVENTSTORE_URL names ${own.credentials.username}, an administrator. Put a user of our own there (saga), with a new password; this command makes it.`,
    );
  const admin = await administrator(own, allowInsecure);
  if (admin.credentials.username === own.credentials.username)
    throw new Error(`${VARIABLE} must name an administrator, and not the user of EVENTSTORE_URL.`);
  const done = await setUpEventStore(admin, own.credentials, logger);
  for (const line of done) console.log(line);
  console.log(done.length === 0 ? 'Nothing was missing.' : 'Done. npm run doctor proves each right.');
}

await runCommand(main, (error) => {
  if (error instanceof StoreRefused)
    return { message: 'EventStoreDB does not know this administrator with this password, or they are none.' };
  const explanation = explanationOf(error);
  return explanation ? { message: `EventStoreDB: ${explanation.says}.\n${explanation.todo}` } : {};
});
