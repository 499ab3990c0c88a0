/** `npm run admin:create -- <email> <name>`: makes a super admin, for an installation that has none yet. */
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { createBlindIndex } from '../src/adapters/blind-index.ts';
import { systemClock, uuids } from '../src/adapters/clock.ts';
import { createLogger } from '../src/adapters/logger.ts';
import { createPasswords } from '../src/adapters/passwords.ts';
import { secretsFor } from '../src/adapters/secrets.ts';
import { createCommands } from '../src/commands/commands.ts';
import { input } from '../src/commands/create-user.ts';
import { readConfig } from '../src/config.ts';
import { PRIVILEGES } from '../src/domain/policies/roles.ts';
import { Refusal } from '../src/domain/refusals.ts';
import { openStores } from '../src/main/stores.ts';

async function readPassword(): Promise<string> {
  if (process.env['ADMIN_PASSWORD']) return process.env['ADMIN_PASSWORD'];
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question('Password (at least 10 characters): ');
  } finally {
    terminal.close();
  }
}

async function main([email, ...name]: string[]): Promise<void> {
  if (email === undefined || name.length === 0)
    throw new Error('usage: npm run admin:create -- <email> <name>');
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(undefined, { LOG_LEVEL: 'warn' });
  const log = createLogger({ level: config.LOG_LEVEL });
  const wanted = input.safeParse({
    email,
    name: name.join(' '),
    password: await readPassword(),
    role: 'super_admin',
    division: 'all',
  });
  if (!wanted.success) {
    const fields = wanted.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`This cannot be an account:\n  ${fields.join('\n  ')}`);
  }
  const stores = await openStores(config, log);
  try {
    const commands = createCommands({
      store: stores.events,
      clock: systemClock,
      ids: uuids,
      passwords: await createPasswords(),
      blindIndex: createBlindIndex(secretsFor(config).BLIND_INDEX_KEY),
      observer: { appended: () => undefined, conflicted: () => undefined },
    });
    const requestId = uuids.next();
    const { user_id } = await commands.createUser(
      {
        caller: { id: requestId, role: 'super_admin', division: 'all', privileges: new Set(PRIVILEGES) },
        actor: { kind: 'system', process: 'admin:create' },
        requestId,
        correlationId: requestId,
      },
      wanted.data,
    );
    console.log(`Super admin ${user_id} is there. Sign in once the program runs.`);
  } finally {
    await stores.close();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const said =
    error instanceof Refusal && error.code === 'EMAIL_TAKEN' ? 'This address has an account already.' : error;
  console.error(said instanceof Error ? said.message : said);
  process.exitCode = 1;
}
