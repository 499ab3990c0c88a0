/** Commands of the product, given by an operator at a terminal. No user is signed in: the events name the script. */
import { createBlindIndex } from '../../src/adapters/security/blind-index.ts';
import { systemClock as clock, uuids as ids } from '../../src/adapters/clock.ts';
import { createPasswords } from '../../src/adapters/security/passwords.ts';
import { secretsFor } from '../../src/adapters/security/secrets.ts';
import { type Commands, createCommands } from '../../src/commands/commands.ts';
import type { CommandContext } from '../../src/commands/context.ts';
import type { Config } from '../../src/config.ts';
import { PRIVILEGES } from '../../src/domain/staff/privileges.ts';
import type { Stores } from '../../src/main/wiring/stores.ts';
import type { BlindIndex } from '../../src/ports.ts';

export const blindIndexOf = (config: Config): BlindIndex =>
  createBlindIndex(secretsFor(config).BLIND_INDEX_KEY);

export const commandsFor = async (
  { events: store }: Pick<Stores, 'events'>,
  config: Config,
): Promise<Commands> =>
  createCommands({
    store,
    clock,
    ids,
    passwords: await createPasswords(),
    blindIndex: blindIndexOf(config),
    observer: { appended: () => undefined, conflicted: () => undefined },
  });

/**
 * A person who may run this script may do everything.
 * @param process name of the script, as the audit log shows it
 */
export function operator(process: string): CommandContext {
  const requestId = ids.next();
  return {
    caller: { id: requestId, role: 'super_admin', division: 'all', privileges: new Set(PRIVILEGES) },
    actor: { kind: 'system', process },
    requestId,
    correlationId: requestId,
  };
}
