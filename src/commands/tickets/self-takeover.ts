/** An agent takes a FREE ticket from the bot (docs/design/api.md#takeover). */
import { z } from 'zod';
import { type Caller, visibleDivision } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { type ResponseLimit, responseDeadlineOf } from '../routing/response-deadline.ts';
import { requireVisible } from './ticket-access.ts';

export const input = z.strictObject({});

/**
 * @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN, TICKET_ALREADY_TAKEN whenever it is not FREE, NOT_AN_AGENT: who
 * may not answer takes none
 */
export function decideSelfTakeover(
  state: Ticket,
  caller: Caller,
  limit: { replyBy?: string } = {},
): TicketEvent[] {
  const found = requireVisible(state, caller);
  const seen = visibleDivision(caller);
  if (seen !== 'all' && seen !== found.division) throw new Refusal('DIVISION_FORBIDDEN');
  if (!caller.privileges.has('reply')) throw new Refusal('NOT_AN_AGENT');
  if (found.status !== 'free') throw new Refusal('TICKET_ALREADY_TAKEN');
  return [
    {
      type: 'TicketTakenOver',
      data: {
        ticketId: found.id,
        division: found.division,
        agentId: caller.id,
        agentDivision: caller.division,
        ...limit,
      },
    },
  ];
}

export const selfTakeover =
  ({
    handler,
    clock,
    replyWithin = null,
  }: {
    handler: CommandHandler;
    clock: Clock;
    replyWithin?: ResponseLimit;
  }) =>
  async (ctx: CommandContext, ticketId: string) => {
    const eventContext = eventContextOf(ctx, clock);
    const { position } = await handler.executeCommand(ticket, ticketId, eventContext, (state) =>
      decideSelfTakeover(state, ctx.caller, responseDeadlineOf(eventContext.at, replyWithin)),
    );
    return { ticket_id: ticketId, taken_at: eventContext.at, position };
  };
