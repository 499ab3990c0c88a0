/** A super admin decides what a role may (docs/design/api.md#users and docs/design/api.md#roles-and-privileges). */
import { z } from 'zod';
import {
  ADMINISTRATION,
  DEFAULT_PRIVILEGES,
  NEVER_GRANTED,
  privilege,
  type Privilege,
  PRIVILEGES,
} from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { roleAggregate, type RoleEvent, type RoleState } from '../../domain/staff/role.ts';
import type { Role } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports.ts';
import { requireReach } from '../command-scope.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { type Granter, requireHeld, requireRank } from './granting.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

export const input = z.strictObject({ privileges: z.array(privilege).max(100) });
export type SetPrivilegesInput = z.infer<typeof input>;

/**
 * @throws Refusal ROLE_ABOVE_OWN, PRIVILEGE_ABOVE_OWN; PRIVILEGE_NOT_GRANTABLE: L2 for a viewer, or a super admin who
 * could no longer undo it
 */
export function decideSetPrivileges(
  state: RoleState,
  role: Role,
  wanted: readonly Privilege[],
  by: Granter,
): RoleEvent[] {
  requireRank(by, role);
  const present = state.privileges ?? DEFAULT_PRIVILEGES[role];
  requireHeld(
    by,
    wanted.filter((one) => !present.includes(one)),
    'privileges',
  );
  const locksOut = role === 'super_admin' && ADMINISTRATION.some((one) => !wanted.includes(one));
  if (locksOut || wanted.some((one) => NEVER_GRANTED[role].includes(one))) {
    throw new Refusal('PRIVILEGE_NOT_GRANTABLE', [
      { path: 'privileges', message: 'PRIVILEGE_NOT_GRANTABLE' },
    ]);
  }
  const privileges = PRIVILEGES.filter((one) => wanted.includes(one));
  const unchanged = state.privileges !== null && privileges.join() === state.privileges.join();
  return unchanged ? [] : [{ type: 'RolePrivilegesSet', data: { role, privileges } }];
}

export const setPrivileges =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, role: Role, { privileges }: SetPrivilegesInput) => {
    // A role has people of every division.
    requireReach(ctx.caller, 'all');
    const { state, position } = await handler.executeCommand(
      roleAggregate,
      role,
      eventContextOf(ctx, clock),
      (current) => decideSetPrivileges(current, role, privileges, ctx.caller),
    );
    return { role, privileges: [...(state.privileges ?? [])], position };
  };
