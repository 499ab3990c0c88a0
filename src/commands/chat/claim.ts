/**
 * An agent takes a talk of the web chat by themselves: a FREE one, or one that waits in the queue for nobody by name
 * (docs/design/chat.md#staff).
 */
import type { Caller } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import type { Clock } from '../../ports.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import { type ResponseLimit, responseDeadlineOf } from '../routing/response-deadline.ts';
import { decideSelfTakeover } from '../tickets/self-takeover.ts';
import { requireVisible } from '../tickets/ticket-access.ts';

/** @throws Refusal as a takeover does; TICKET_ALREADY_TAKEN also where it waits for somebody by name */
export function decideClaim(state: Ticket, caller: Caller, limit: { replyBy?: string } = {}): TicketEvent[] {
  const found = requireVisible(state, caller);
  if (found.channel !== 'web') throw new Refusal('TICKET_NOT_FOUND');
  if (found.status !== 'queued' || found.waitingFor !== null) return decideSelfTakeover(state, caller, limit);
  if (!caller.privileges.has('reply')) throw new Refusal('NOT_AN_AGENT');
  const { id: ticketId, division } = found;
  return [
    {
      type: 'TicketAssigned',
      data: {
        ...{
          ticketId,
          division,
          agentId: caller.id,
          agentDivision: caller.division,
          from: 'queue',
          note: null,
        },
        ...limit,
      },
    },
  ];
}

export const claim =
  ({ handler, clock, replyWithin }: { handler: CommandHandler; clock: Clock; replyWithin: ResponseLimit }) =>
  async (ctx: CommandContext, ticketId: string) => {
    const eventContext = eventContextOf(ctx, clock);
    const { position } = await handler.executeCommand(ticket, ticketId, eventContext, (state) =>
      decideClaim(state, ctx.caller, responseDeadlineOf(eventContext.at, replyWithin)),
    );
    return { ticket_id: ticketId, taken_at: eventContext.at, position };
  };
