/** Its agent, or a lead, gives a ticket up: to the queue, or back to the bot (docs/design/business-rules.md#release). */
import { z } from 'zod';
import type { Caller } from '../../domain/staff/privileges.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { requireOwnOrLead } from './ticket-access.ts';

export const input = z.strictObject({
  to: z.enum(['queue', 'bot']),
  reason: z.string().trim().min(1).max(1000).optional(),
});
export type ReleaseInput = z.infer<typeof input>;

/** @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN, TICKET_CLOSED, NOT_ASSIGNED, NOT_ASSIGNEE */
export function decideGiveUp(state: Ticket, { to, reason }: ReleaseInput, caller: Caller): TicketEvent[] {
  const { id, division, agentId } = requireOwnOrLead(state, caller);
  return [{ type: 'TicketReleased', data: { ticketId: id, division, agentId, to, reason: reason ?? null } }];
}

export const release =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, ticketId: string, wanted: ReleaseInput) => {
    const { position } = await handler.executeCommand(ticket, ticketId, eventContextOf(ctx, clock), (state) =>
      decideGiveUp(state, wanted, ctx.caller),
    );
    return { position };
  };
