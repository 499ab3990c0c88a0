/** Who is at the terminal: a super admin, with the e-mail and password of the dashboard. */
import { createInterface } from 'node:readline/promises';
import { createPasswords } from '../../src/adapters/security/passwords.ts';
import { staffDirectory } from '../../src/commands/staff/staff-directory.ts';
import type { Config } from '../../src/config.ts';
import type { StaffMember } from '../../src/domain/staff/member.ts';
import type { Stores } from '../../src/main/wiring/stores.ts';
import { blindIndexOf, commandsFor } from './operator.ts';

async function ask(variable: string, question: string): Promise<string> {
  const given = process.env[variable];
  if (given !== undefined && given !== '') return given;
  if (!process.stdin.isTTY)
    throw new Error('Sign in as a super admin: set OPERATOR_EMAIL and OPERATOR_PASSWORD, or use a terminal.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** OPERATOR_EMAIL and OPERATOR_PASSWORD, or asked. @throws Error where that is no active super admin */
export async function signIn(stores: Pick<Stores, 'events'>, config: Config): Promise<StaffMember> {
  const email = await ask('OPERATOR_EMAIL', 'E-mail of a super admin: ');
  const password = await ask('OPERATOR_PASSWORD', 'Password: ');
  const { handler } = await commandsFor(stores, config);
  const found = await staffDirectory({ handler, blindIndex: blindIndexOf(config) }).byEmail(email);
  const matches = await (await createPasswords()).verify(found?.passwordHash ?? null, password);
  if (!found?.active || !matches || found.role !== 'super_admin')
    throw new Error('This is no e-mail and password of an active super admin.');
  return found;
}
