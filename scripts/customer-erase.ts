/** `npm run customer:erase -- <customer id> [--reason TEXT]`: erases a customer for good (docs/erasure.md). */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createBlindIndex } from '../src/adapters/blind-index.ts';
import { systemClock as clock, uuids } from '../src/adapters/clock.ts';
import { createLogger } from '../src/adapters/logger.ts';
import { createPasswords } from '../src/adapters/passwords.ts';
import { secretsFor } from '../src/adapters/secrets.ts';
import { createCommands } from '../src/commands/commands.ts';
import { input } from '../src/commands/erase-customer.ts';
import { readConfig } from '../src/config.ts';
import { PRIVILEGES } from '../src/domain/policies/roles.ts';
import { Refusal } from '../src/domain/refusals.ts';
import { eraseCustomerOf } from '../src/main/erasure.ts';
import { openStores } from '../src/main/stores.ts';
import { customerKeyOf } from '../src/projections/customers.ts';

const USAGE = 'usage: npm run customer:erase -- <customer id> [--reason TEXT]';

const SAID: Readonly<Record<string, string>> = {
  CUSTOMER_NOT_FOUND: 'Nobody has this id.',
  CUSTOMER_HAS_OPEN_TICKET: 'This customer has an open ticket: close it first.',
  BUSY: 'Others kept writing to this customer: try again.',
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { reason: { type: 'string' } },
    allowPositionals: true,
  });
  const wanted = z
    .strictObject({ customerId: z.uuid(), ...input })
    .safeParse({ customerId: positionals[0], reason: values.reason });
  if (!wanted.success || positionals.length !== 1) throw new Error(USAGE);
  const { customerId, reason = null } = wanted.data;
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(undefined, { LOG_LEVEL: 'warn' });
  const stores = await openStores(config, createLogger({ level: config.LOG_LEVEL }));
  try {
    const customerKey = await customerKeyOf(stores.postgres.writes, customerId);
    if (customerKey === null) throw new Refusal('CUSTOMER_NOT_FOUND');
    const blindIndex = createBlindIndex(secretsFor(config).BLIND_INDEX_KEY);
    const commands = createCommands({
      store: stores.events,
      clock,
      ids: uuids,
      passwords: await createPasswords(),
      blindIndex,
      observer: { appended: () => undefined, conflicted: () => undefined },
    });
    const requestId = uuids.next();
    await eraseCustomerOf({ stores, commands, clock, blindIndex })(
      {
        caller: { id: requestId, role: 'super_admin', division: 'all', privileges: new Set(PRIVILEGES) },
        actor: { kind: 'system', process: 'customer:erase' },
        requestId,
        correlationId: requestId,
      },
      { customerId, customerKey, reason },
    );
    console.log(`${customerId} is erased: the key is destroyed.`);
    console.log(
      'Read tables, files and stored webhooks follow as soon as a process with RUN=jobs and projections runs.',
    );
  } finally {
    await stores.close();
  }
}

try {
  await main();
} catch (error) {
  if (error instanceof Refusal) console.error(SAID[error.code] ?? error.code);
  else console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
