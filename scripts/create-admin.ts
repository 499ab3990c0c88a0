/** `npm run admin:create -- <email> <name>`: makes a super admin, for an installation that has none yet. */
import { createInterface } from 'node:readline/promises';
import { input } from '../src/commands/staff/create-user.ts';
import { Refusal } from '../src/domain/refusals.ts';
import { openStores } from '../src/main/wiring/stores.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';
import { commandsFor, operator } from './command-line/operator.ts';

async function readPassword(): Promise<string> {
  if (process.env['ADMIN_PASSWORD']) return process.env['ADMIN_PASSWORD'];
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question('Password (10 to 128 characters): ');
  } finally {
    terminal.close();
  }
}

async function main(): Promise<void> {
  const [email, ...name] = process.argv.slice(2);
  if (email === undefined || name.length === 0)
    throw new Error('usage: npm run admin:create -- <email> <name>');
  const { config, logger } = readSettings();
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
  const stores = await openStores(config, logger);
  try {
    const { createUser } = await commandsFor(stores, config);
    const { user_id } = await createUser(operator('admin:create'), wanted.data);
    console.log(`Super admin ${user_id} is there. Sign in once the program runs.`);
  } finally {
    await stores.close();
  }
}

await runCommand(main, (error) =>
  error instanceof Refusal && error.code === 'EMAIL_TAKEN'
    ? { message: 'This address has an account already.' }
    : {},
);
