/** Closes a ticket by hand (docs/design/api.md#close-and-reopen). Won and Lost close it without this. */
import { z } from 'zod';
import type { Caller } from '../../domain/staff/privileges.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { requireVisible } from './ticket-access.ts';

export const input = z.strictObject({ reason: z.string().trim().min(1).max(1000).optional() });
export type CloseInput = z.infer<typeof input>;

/** Closing a closed ticket makes no event. */
export function decideClose(state: Ticket, reason: string | null, caller: Caller): TicketEvent[] {
  const { id, division, status } = requireVisible(state, caller);
  if (status === 'closed') return [];
  return [{ type: 'TicketClosed', data: { ticketId: id, division, outcome: 'closed', reason } }];
}

export const close =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, ticketId: string, { reason }: CloseInput) => {
    const { position } = await handler.executeCommand(ticket, ticketId, eventContextOf(ctx, clock), (state) =>
      decideClose(state, reason ?? null, ctx.caller),
    );
    return { status: 'closed' as const, position };
  };
