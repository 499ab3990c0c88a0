/** Checks that the commands on a ticket share: it exists, and this person may see it. */
import { type Caller, maySee } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { ExistingTicket, Ticket } from '../../domain/tickets/ticket.ts';

/** The agent who has the ticket. A closed ticket still belongs to the agent it was closed with. */
export const assigneeOf = (ticket: ExistingTicket): string | null =>
  ticket.status === 'assigned' || ticket.status === 'closed' ? ticket.agentId : null;

/**
 * @returns the ticket, narrowed to one that exists and that `caller` may see
 * @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN (docs/design/api.md#403-or-404)
 */
export function requireVisible(ticket: Ticket, caller: Caller): ExistingTicket {
  if (ticket.status === 'absent') throw new Refusal('TICKET_NOT_FOUND');
  if (!maySee(caller, { division: ticket.division, assignee: assigneeOf(ticket) })) {
    throw new Refusal('DIVISION_FORBIDDEN');
  }
  return ticket;
}

/** @throws Refusal TICKET_CLOSED */
export function requireOpen(ticket: ExistingTicket): Exclude<ExistingTicket, { status: 'closed' }> {
  if (ticket.status === 'closed') throw new Refusal('TICKET_CLOSED');
  return ticket;
}
