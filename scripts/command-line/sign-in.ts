/** Who is at the terminal: a super admin, with the e-mail and password of the dashboard. */
import { createInterface } from 'node:readline/promises';
import { createPasswords } from '../../src/adapters/security/passwords.ts';
import { staffDirectory } from '../../src/commands/staff/staff-directory.ts';
import type { Config } from '../../src/config.ts';
import type { StaffMember } from '../../src/domain/staff/member.ts';
import type { Stores } from '../../src/main/wiring/stores.ts';
import { randomUUID } from 'node:crypto';
import { systemClock as clock } from '../../src/adapters/clock.ts';
import { Refusal } from '../../src/domain/refusals.ts';
import { secondFactorOf } from '../../src/main/wiring/second-factor.ts';
import { blindIndexOf, commandsFor } from './operator.ts';

async function ask(variable: string, question: string): Promise<string> {
  const given = process.env[variable];
  if (given !== undefined && given !== '') return given;
  if (!process.stdin.isTTY)
    throw new Error(
      'Sign in as a super admin: set OPERATOR_EMAIL and OPERATOR_PASSWORD (and OPERATOR_CODE with a second factor), or use a terminal.',
    );
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

const NO_SUPER_ADMIN = 'This is no e-mail and password of an active super admin.';

/**
 * OPERATOR_EMAIL and OPERATOR_PASSWORD, and OPERATOR_CODE where the account has a second factor, or asked.
 * @throws Error where that is no active super admin, or they must choose an own password or set up a second factor first
 */
export async function signIn(stores: Pick<Stores, 'events' | 'keys'>, config: Config): Promise<StaffMember> {
  const email = await ask('OPERATOR_EMAIL', 'E-mail of a super admin: ');
  const password = await ask('OPERATOR_PASSWORD', 'Password: ');
  const commands = await commandsFor(stores, config);
  const blindIndex = blindIndexOf(config);
  const found = await staffDirectory({ handler: commands.handler, blindIndex }).byEmail(email);
  const matches = await (await createPasswords()).verify(found?.passwordHash ?? null, password);
  if (!found?.active || !matches || found.role !== 'super_admin') throw new Error(NO_SUPER_ADMIN);
  if (found.mustChangePassword)
    throw new Error('Somebody else chose this password: change it at the dashboard first.');
  if (found.hasSecondFactor) {
    const code = await ask('OPERATOR_CODE', 'Code of the authenticator app: ');
    const requestId = randomUUID();
    const command = { caller: found, requestId, correlationId: requestId };
    await secondFactorOf({ commands, stores, clock, blindIndex })
      .useCode(command, code)
      .catch((error: unknown) => {
        throw error instanceof Refusal ? new Error('The code is wrong, or was used before.') : error;
      });
  } else if (config.TOTP_REQUIRED_ROLES?.has('super_admin'))
    throw new Error('Super admins must have a second factor here: set one up at the dashboard first.');
  return found;
}
