/** Checks that the commands on a ticket share: it exists, and this person may see it. */
import { type Caller, covers, maySee } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { ExistingTicket, Ticket } from '../../domain/tickets/ticket.ts';
import type { UserDivision } from '../../domain/vocabulary.ts';

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

/**
 * Who sees one division only gives its tickets to people of that division, or of the whole firm
 * (docs/design/reliability.md#divisions-bind-writes).
 * @throws Refusal DIVISION_FORBIDDEN
 */
export function requireWithinReach(
  caller: Caller,
  ticket: ExistingTicket,
  to: { readonly division: UserDivision },
): void {
  const near = to.division === 'all' || to.division === ticket.division;
  if (!near && !covers(caller, to.division)) throw new Refusal('DIVISION_FORBIDDEN');
}

/** @throws Refusal TICKET_CLOSED */
export function requireOpen(ticket: ExistingTicket): Exclude<ExistingTicket, { status: 'closed' }> {
  if (ticket.status === 'closed') throw new Refusal('TICKET_CLOSED');
  return ticket;
}

/**
 * What only its agent does with a ticket, and a lead or super admin with any.
 * @returns the ticket, narrowed to an open one that somebody has
 * @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN, TICKET_CLOSED, NOT_ASSIGNED, NOT_ASSIGNEE
 */
export function requireOwnOrLead(ticket: Ticket, caller: Caller): Extract<Ticket, { status: 'assigned' }> {
  const found = requireOpen(requireVisible(ticket, caller));
  const isLead = caller.role === 'super_admin' || caller.role === 'team_lead';
  if (found.status !== 'assigned') throw new Refusal('NOT_ASSIGNED');
  if (!isLead && found.agentId !== caller.id) throw new Refusal('NOT_ASSIGNEE');
  return found;
}
