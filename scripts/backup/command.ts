/** What `backup`, `restore` and `store:accept` have in common: configuration, stores, and how they end. */
import { existsSync } from 'node:fs';
import { createBlindIndex } from '../../src/adapters/blind-index.ts';
import { systemClock as clock, uuids as ids } from '../../src/adapters/clock.ts';
import { createLogger } from '../../src/adapters/logger.ts';
import { createPasswords } from '../../src/adapters/passwords.ts';
import { secretsFor } from '../../src/adapters/secrets.ts';
import { createCommands } from '../../src/commands/commands.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { saying } from '../../src/main/start-error.ts';
import { openStores } from '../../src/main/stores.ts';
import type { Logger } from '../../src/ports.ts';
import { type Accepted, acceptStore } from './accept.ts';
import { BackupError, fingerprintOf } from './folder.ts';

export function settings(): { readonly config: Config; readonly logger: Logger } {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(undefined, { LOG_LEVEL: 'warn' });
  return { config, logger: createLogger({ level: config.LOG_LEVEL }) };
}

/** Of the secrets without which the data is no use; of MASTER_KEY, which may be several: the newest first. */
export function fingerprintsOf(config: Config): Readonly<Record<string, readonly string[]>> {
  const { BLIND_INDEX_KEY, MASTER_KEY } = secretsFor(config);
  const of = (text: string): string[] => text.split(',').map((one) => fingerprintOf(one.trim()));
  return { BLIND_INDEX_KEY: of(BLIND_INDEX_KEY), MASTER_KEY: of(MASTER_KEY) };
}

export async function accept(config: Config, logger: Logger, always: boolean): Promise<Accepted | null> {
  const stores = await openStores(config, logger);
  try {
    const commands = createCommands({
      store: stores.events,
      clock,
      ids,
      passwords: await createPasswords(),
      blindIndex: createBlindIndex(secretsFor(config).BLIND_INDEX_KEY),
      observer: { appended: () => undefined, conflicted: () => undefined },
    });
    const { events: store, databaseUrl, postgres } = stores;
    return await acceptStore({ store, write: postgres.writes, databaseUrl, commands, clock, ids, always });
  } finally {
    await stores.close();
  }
}

export function tellAccepted({ jobs, pausedBlasts, replayed }: Accepted): void {
  console.log(`Jobs that go on with this store: ${jobs.join(', ') || 'none has run yet'}.`);
  console.log('Messages without an outcome at that time stay unknown: none of them is sent by itself.');
  if (pausedBlasts.length > 0)
    console.log(`Paused, because whom they reached since is not known: blasts ${pausedBlasts.join(', ')}.`);
  if (replayed > 0) console.log(`Webhooks that are taken in again: ${String(replayed)}.`);
}

/** Runs it as a command line does: a sentence where we wrote one, exit code 1. */
export async function command(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof BackupError ? error.message : saying(error));
    process.exitCode = 1;
  }
}
