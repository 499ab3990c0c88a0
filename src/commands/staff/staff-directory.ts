/**
 * Who somebody is and what they may do, folded from the event store. Signing in and every request ask here and never a
 * read table: a read table may be behind, and would go on letting in a person who was deactivated.
 */
import { type Account, accountOf } from '../../domain/staff/member.ts';
import { roleAggregate } from '../../domain/staff/role.ts';
import { staff, STAFF_ID } from '../../domain/staff/staff.ts';
import { user } from '../../domain/staff/user.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { BlindIndex } from '../../ports.ts';

export interface StaffDirectory {
  /** @returns null when there is no such user. @throws StoreUnavailable */
  byId(userId: string): Promise<Account | null>;
  /** @param email in any case, blanks around it allowed. @returns null when nobody has it. @throws StoreUnavailable */
  byEmail(email: string): Promise<Account | null>;
}

export function staffDirectory(deps: {
  readonly handler: Pick<CommandHandler, 'load'>;
  readonly blindIndex: BlindIndex;
}): StaffDirectory {
  const { handler, blindIndex } = deps;

  async function byId(userId: string): Promise<Account | null> {
    const found = await handler.load(user, userId);
    return found.status === 'absent' ? null : accountOf(found, await handler.load(roleAggregate, found.role));
  }

  return {
    byId,
    async byEmail(email) {
      const { byEmail } = await handler.load(staff, STAFF_ID);
      const listed = byEmail.get(blindIndex('email', email.trim().toLowerCase()));
      return listed === undefined ? null : byId(listed.userId);
    },
  };
}
