/** A member of staff sets their own new password, with the old one (docs/design/reliability.md#passwords). */
import { z } from 'zod';
import { requireGoodPassword } from '../../domain/staff/password.ts';
import { Refusal } from '../../domain/refusals.ts';
import { user, type User, type UserEvent } from '../../domain/staff/user.ts';
import type { Clock, Passwords } from '../../ports.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { password } from './create-user.ts';

export const newPassword = password.meta({ description: '10 to 128 characters, none of the common ones.' });
export const input = z.strictObject({ new_password: newPassword });

/**
 * @param proven hash of the password that was given as the old one: it may have been changed meanwhile
 * @throws Refusal USER_NOT_FOUND (also deactivated), PASSWORD_WRONG
 */
export function decideChangePassword(state: User, proven: string, passwordHash: string): UserEvent[] {
  if (state.status !== 'active') throw new Refusal('USER_NOT_FOUND');
  if (state.passwordHash !== proven) throw new Refusal('PASSWORD_WRONG');
  return [{ type: 'UserPasswordChanged', data: { userId: state.id, passwordHash } }];
}

export const changePassword =
  ({ handler, clock, passwords }: { handler: CommandHandler; clock: Clock; passwords: Passwords }) =>
  /**
   * The caller has shown the old password before.
   * @throws Refusal PASSWORD_TOO_EASY, and see `decideChangePassword`
   */
  async (
    ctx: CommandContext,
    proven: { readonly email: string; readonly passwordHash: string },
    { new_password: wanted }: z.infer<typeof input>,
  ) => {
    requireGoodPassword(wanted, proven.email);
    const passwordHash = await passwords.hash(wanted);
    const { position, state } = await handler.executeCommand(
      user,
      ctx.caller.id,
      eventContextOf(ctx, clock),
      (now) => decideChangePassword(now, proven.passwordHash, passwordHash),
    );
    return { position, sessionGeneration: state.status === 'absent' ? 0 : state.sessionGeneration };
  };
