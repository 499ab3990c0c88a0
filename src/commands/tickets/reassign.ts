/**
 * A lead moves a ticket from one agent to another (docs/design/api.md#assignment;
 * docs/design/business-rules.md#moving-a-ticket).
 */
import { z } from 'zod';
import type { Caller, Privilege } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import { user, type User } from '../../domain/staff/user.ts';
import { uuid } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports.ts';
import { defaultsOf, requireAssignable } from './assign.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { type ResponseLimit, responseDeadlineOf } from '../routing/response-deadline.ts';
import { privilegesOfRole } from '../staff/role-sets.ts';
import { assigneeOf, requireOpen, requireVisible, requireWithinReach } from './ticket-access.ts';

export const input = z.strictObject({
  from_agent: uuid,
  to_agent: uuid,
  reason: z.string().trim().min(1).max(1000).optional(),
});
export type ReassignInput = z.infer<typeof input>;

/** @throws Refusal as `assign`, and ASSIGNEE_CHANGED when `fromAgent` does not have the ticket (any more) */
export function decideReassign(
  state: Ticket,
  move: { readonly fromAgent: string; readonly to: User; readonly reason: string | null },
  caller: Caller,
  limit: { replyBy?: string } = {},
  ofRole: readonly Privilege[] = defaultsOf(move.to),
): TicketEvent[] {
  const found = requireOpen(requireVisible(state, caller));
  const to = requireAssignable(move.to, ofRole);
  requireWithinReach(caller, found, to);
  if (assigneeOf(found) !== move.fromAgent) throw new Refusal('ASSIGNEE_CHANGED');
  if (to.id === move.fromAgent) throw new Refusal('ALREADY_ASSIGNED');
  return [
    {
      type: 'TicketReassigned',
      data: {
        ticketId: found.id,
        division: found.division,
        fromAgent: move.fromAgent,
        toAgent: to.id,
        toDivision: to.division,
        reason: move.reason,
        ...limit,
      },
    },
  ];
}

export const reassign =
  ({
    handler,
    clock,
    replyWithin = null,
  }: {
    handler: CommandHandler;
    clock: Clock;
    replyWithin?: ResponseLimit;
  }) =>
  async (ctx: CommandContext, ticketId: string, { from_agent, to_agent, reason }: ReassignInput) => {
    const eventContext = eventContextOf(ctx, clock);
    const to = await handler.load(user, to_agent);
    const ofRole = await privilegesOfRole(handler, to);
    const { events, position } = await handler.executeCommand(ticket, ticketId, eventContext, (state) =>
      decideReassign(
        state,
        { fromAgent: from_agent, to, reason: reason ?? null },
        ctx.caller,
        responseDeadlineOf(eventContext.at, replyWithin),
        ofRole,
      ),
    );
    return { timestamp: eventContext.at, audit_id: events[0]?.id ?? ctx.requestId, position };
  };
