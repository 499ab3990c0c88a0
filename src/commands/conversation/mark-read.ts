/**
 * Somebody has read a ticket's messages (docs/design/business-rules.md#unread). It is an event, as the reading of a
 * notification is: other devices of the person follow it, and read tables are rebuilt from events.
 */
import { z } from 'zod';
import { reading, type Reading, type ReadingEvent } from '../../domain/conversation/reading.ts';
import { ticket, type Ticket } from '../../domain/tickets/ticket.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { uuid } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { assigneeOf, requireVisible } from '../tickets/ticket-access.ts';

export const input = z.strictObject({
  message_id: uuid.optional().meta({ description: 'Up to this message; without it everything.' }),
});
export type MarkReadInput = z.infer<typeof input>;

/**
 * Who has read as much already makes no event.
 * @param seen how many messages of the customer they have seen
 * @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN
 */
export function decideMarkRead(marks: Reading, of: Ticket, caller: Caller, seen: number): ReadingEvent[] {
  const { id, division } = requireVisible(of, caller);
  if (seen <= (marks.seen.get(caller.id) ?? 0)) return [];
  return [{ type: 'TicketRead', data: { ticketId: id, division, userId: caller.id, seen } }];
}

export const markRead =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, ticketId: string, seen: number) => {
    const of = await handler.load(ticket, ticketId);
    const { events, position } = await handler.executeCommand(
      reading,
      ticketId,
      eventContextOf(ctx, clock),
      (marks) => decideMarkRead(marks, of, ctx.caller, seen),
    );
    // A channel is told what its customer's own agent has read, once.
    const byAssignee = of.status !== 'absent' && assigneeOf(of) === ctx.caller.id;
    return { position, isNews: events.length > 0 && byAssignee };
  };
