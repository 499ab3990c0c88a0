/** `npm run customer:erase -- <customer id> [--reason TEXT]`: erases a customer for good (docs/erasure.md). */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { systemClock as clock } from '../src/adapters/clock.ts';
import { input } from '../src/commands/erasure/erase-customer.ts';
import { Refusal } from '../src/domain/refusals.ts';
import { eraseCustomerOf } from '../src/main/wiring/erasure.ts';
import { openStores } from '../src/main/wiring/stores.ts';
import { customerKeyOf } from '../src/projections/customers/customers.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';
import { blindIndexOf, commandsFor, operator } from './command-line/operator.ts';

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
  const { config, logger } = readSettings();
  const stores = await openStores(config, logger);
  try {
    const customerKey = await customerKeyOf(stores.postgres.writes, customerId);
    if (customerKey === null) throw new Refusal('CUSTOMER_NOT_FOUND');
    const commands = await commandsFor(stores, config);
    const eraseCustomer = eraseCustomerOf({
      ...{ stores, commands, clock, config },
      blindIndex: blindIndexOf(config),
    });
    await eraseCustomer(operator('customer:erase'), { customerId, customerKey, reason });
    console.log(`${customerId} is erased: the key is destroyed.`);
    console.log(
      'Read tables, files and stored webhooks follow as soon as a process with RUN=jobs and projections runs.',
    );
  } finally {
    await stores.close();
  }
}

await runCommand(main, (error) =>
  error instanceof Refusal ? { message: SAID[error.code] ?? error.code } : {},
);
