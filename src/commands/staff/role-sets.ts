/** What each role may now, from the event store. */
import { DEFAULT_PRIVILEGES, type Privilege } from '../../domain/staff/privileges.ts';
import { roleAggregate } from '../../domain/staff/role.ts';
import type { User } from '../../domain/staff/user.ts';
import type { Role } from '../../domain/vocabulary.ts';
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
  const setOf = async (role: Role): Promise<readonly Privilege[]> =>
    (await handler.load(roleAggregate, role)).privileges ?? DEFAULT_PRIVILEGES[role];
  const [viewer, sales_agent, team_lead, super_admin] = await Promise.all([
    setOf('viewer'),
    setOf('sales_agent'),
    setOf('team_lead'),
    setOf('super_admin'),
  ]);
  return { viewer, sales_agent, team_lead, super_admin };
}
