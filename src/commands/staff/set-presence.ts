/**
 * An agent goes online or offline; a lead may do it for them (docs/design/api.md#presence;
 * docs/design/business-rules.md#presence).
 */
import { z } from 'zod';
import { Refusal } from '../../domain/refusals.ts';
import { user, type User, type UserEvent } from '../../domain/staff/user.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { presence } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports.ts';
import { requireReach } from '../command-scope.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

export const input = z.strictObject({ status: presence });
export type PresenceInput = z.infer<typeof input>;

/**
 * The same presence again makes no event.
 * @throws Refusal USER_NOT_FOUND, DIVISION_FORBIDDEN, AGENT_INACTIVE, NOT_AN_AGENT (a viewer)
 */
export function decideSetPresence(
  state: User,
  status: PresenceInput['status'],
  caller: Pick<Caller, 'id' | 'role' | 'division'>,
): UserEvent[] {
  if (state.status === 'absent') throw new Refusal('USER_NOT_FOUND');
  if (state.id !== caller.id) requireReach(caller, state.division);
  if (state.role === 'viewer') throw new Refusal('NOT_AN_AGENT');
  if (state.presence === status) return [];
  if (state.status === 'inactive') throw new Refusal('AGENT_INACTIVE');
  return [{ type: 'PresenceChanged', data: { userId: state.id, status } }];
}

export const setPresence =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, userId: string, { status }: PresenceInput) => {
    const eventContext = eventContextOf(ctx, clock);
    const { position } = await handler.executeCommand(user, userId, eventContext, (state) =>
      decideSetPresence(state, status, ctx.caller),
    );
    return { status, changed_at: eventContext.at, position };
  };
