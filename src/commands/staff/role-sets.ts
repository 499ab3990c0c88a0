/** What each role may now, from the event store. */
import { DEFAULT_PRIVILEGES, type Privilege } from '../../domain/staff/privileges.ts';
import { roleAggregate } from '../../domain/staff/role.ts';
import type { User } from '../../domain/staff/user.ts';
import { ROLES } from '../../domain/vocabulary.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { RoleSets } from './granting.ts';

/** What the role of this person may now; nothing for nobody. @throws StoreUnavailable */
export async function privilegesOfRole(
  handler: Pick<CommandHandler, 'load'>,
  person: User,
): Promise<readonly Privilege[]> {
  if (person.status === 'absent') return [];
  return (await handler.load(roleAggregate, person.role)).privileges ?? DEFAULT_PRIVILEGES[person.role];
}

/** @throws StoreUnavailable */
export async function loadRoleSets(handler: CommandHandler): Promise<RoleSets> {
  const sets = await Promise.all(
    ROLES.map(async (role) => [
      role,
      (await handler.load(roleAggregate, role)).privileges ?? DEFAULT_PRIVILEGES[role],
    ]),
  );
  return Object.fromEntries(sets) as RoleSets;
}
