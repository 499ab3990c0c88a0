/** A lead moves a ticket from one agent to another (contract.md 4; domain.md, 'Ticket life' 6). */
import { z } from 'zod';
import type { Caller } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import { user, type User } from '../../domain/staff/user.ts';
import { uuid } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports.ts';
import { assignable } from './assign.ts';
import { aroundOf, type CommandContext } from '../context.ts';
import type { Handle } from '../../engine/commands/command-handler.ts';
import { type ReplyWithin, replyByOf } from '../routing/response-deadline.ts';
import { assigneeOf, open, visible } from './ticket-access.ts';

export const input = z.strictObject({
  from_agent: uuid,
  to_agent: uuid,
  reason: z.string().trim().min(1).max(1000).optional(),
});
export type ReassignInput = z.infer<typeof input>;

/** @throws Refusal as `assign`, and ASSIGNEE_CHANGED when `fromAgent` does not have the ticket (any more) */
export function decide(
  state: Ticket,
  move: { readonly fromAgent: string; readonly to: User; readonly reason: string | null },
  caller: Caller,
  limit: { replyBy?: string } = {},
): TicketEvent[] {
  const found = open(visible(state, caller));
  const to = assignable(move.to);
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
  ({ handle, clock, replyWithin = null }: { handle: Handle; clock: Clock; replyWithin?: ReplyWithin }) =>
  async (ctx: CommandContext, ticketId: string, { from_agent, to_agent, reason }: ReassignInput) => {
    const around = aroundOf(ctx, clock);
    const to = await handle.load(user, to_agent);
    const { events, position } = await handle.handle(ticket, ticketId, around, (state) =>
      decide(
        state,
        { fromAgent: from_agent, to, reason: reason ?? null },
        ctx.caller,
        replyByOf(around.at, replyWithin),
      ),
    );
    return { timestamp: around.at, audit_id: events[0]?.id ?? ctx.requestId, position };
  };
