/**
 * An agent goes online or offline; a lead may do it for them (docs/design/api.md#presence;
 * docs/design/business-rules.md#presence).
 */
import { z } from 'zod';
import { Refusal } from '../../domain/refusals.ts';
import { user, type User, type UserEvent } from '../../domain/staff/user.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { isAgentRole, presence, type PresenceReason } from '../../domain/vocabulary.ts';
import type { Clock, Ids, Position } from '../../ports.ts';
import { requireReach } from '../command-scope.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

export const input = z.strictObject({ status: presence });
export type PresenceInput = z.infer<typeof input>;

/**
 * The same presence again makes no event.
 * @throws Refusal USER_NOT_FOUND, DIVISION_FORBIDDEN, AGENT_INACTIVE, NOT_AN_AGENT (who has no tickets)
 */
export function decideSetPresence(
  state: User,
  status: PresenceInput['status'],
  caller: Pick<Caller, 'id' | 'role' | 'division'>,
): UserEvent[] {
  if (state.status === 'absent') throw new Refusal('USER_NOT_FOUND');
  if (state.id !== caller.id) requireReach(caller, state.division);
  if (!isAgentRole(state.role)) throw new Refusal('NOT_AN_AGENT');
  if (state.presence === status) return [];
  if (state.status === 'inactive') throw new Refusal('AGENT_INACTIVE');
  return [{ type: 'PresenceChanged', data: { userId: state.id, status } }];
}

/** They went without saying so. Who is offline already stays as they are. */
export function decideLeaveDesk(state: User, reason: PresenceReason): UserEvent[] {
  if (state.status === 'absent' || state.presence === 'offline') return [];
  return [{ type: 'PresenceChanged', data: { userId: state.id, status: 'offline', reason } }];
}

/** Takes somebody offline whose last session ended, or of whom nothing was heard (docs/design/business-rules.md#presence). */
export const leaveDesk = ({ handler, clock, ids }: { handler: CommandHandler; clock: Clock; ids: Ids }) => ({
  /** @returns whether they were online */
  async loggedOut(ctx: CommandContext): Promise<{ readonly changed: boolean; readonly position: Position }> {
    const { events, position } = await handler.executeCommand(
      user,
      ctx.caller.id,
      eventContextOf(ctx, clock),
      (state) => decideLeaveDesk(state, 'logout'),
    );
    return { changed: events.length > 0, position };
  },
  /** @returns whether they were online. @throws StoreUnavailable */
  async gone(userId: string): Promise<boolean> {
    const id = ids.next();
    const { events } = await handler.executeCommand(
      user,
      userId,
      {
        actor: { kind: 'system', process: 'presence' },
        correlationId: id,
        causationId: id,
        requestId: id,
        at: clock.now().toISOString(),
      },
      (state) => decideLeaveDesk(state, 'gone'),
    );
    return events.length > 0;
  },
});

export const setPresence =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, userId: string, { status }: PresenceInput) => {
    const eventContext = eventContextOf(ctx, clock);
    const { position } = await handler.executeCommand(user, userId, eventContext, (state) =>
      decideSetPresence(state, status, ctx.caller),
    );
    return { status, changed_at: eventContext.at, position };
  };
