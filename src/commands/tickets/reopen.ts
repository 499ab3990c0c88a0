/**
 * Opens a closed ticket again: for the agent who had it, or for the bot when that agent takes no tickets any more
 * (docs/design/api.md#close-and-reopen).
 */
import { z } from 'zod';
import { agentChanges } from '../../domain/crm/change.ts';
import { crmUpdated, isDecided } from '../../domain/crm/crm.ts';
import type { Customer, CustomerEvent } from '../../domain/customers/customer.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type ExistingTicket, ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import { whyCannotAnswer } from '../../domain/routing/who-can-answer.ts';
import { user } from '../../domain/staff/user.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';
import { currentCustomer, onCustomer } from '../customers/current-customer.ts';
import { privilegesOfRole } from '../staff/role-sets.ts';
import { requireVisible } from './ticket-access.ts';

export const input = z.strictObject({ reason: z.string().trim().min(1).max(1000).optional() });
export type ReopenInput = z.infer<typeof input>;

/**
 * Reopening an open ticket makes no event. A sale that was won or lost is undecided again: the ticket continues in the
 * stage before, without the reason of its loss.
 * @param departedAgentId an agent who takes no tickets any more: their ticket goes back to the bot
 */
export function decideReopen(
  state: Ticket,
  reason: string | null,
  caller: Caller,
  at: string,
  departedAgentId: string | null = null,
): TicketEvent[] {
  return reopenEvents(requireVisible(state, caller), reason, at, departedAgentId);
}

function reopenEvents(
  found: ExistingTicket,
  reason: string | null,
  at: string,
  departedAgentId: string | null,
): TicketEvent[] {
  if (found.status !== 'closed') return [];
  const { id: ticketId, division, crm } = found;
  const agentId = found.agentId === departedAgentId ? null : found.agentId;
  const reopened: TicketEvent = { type: 'TicketReopened', data: { ticketId, division, agentId, reason } };
  if (!isDecided(crm.stage)) return [reopened];
  const changes = agentChanges(division, crm, { crm_stage: crm.openStage });
  return [reopened, crmUpdated({ ticketId, division }, changes, { source: 'agent', confidence: null, at })];
}

/**
 * One open ticket per customer and division (docs/design/business-rules.md#opening-a-ticket): the customer's stream
 * says which is current, and that it is about to be open. Also for the ticket that is current already: a message on
 * its way must not start another.
 * @param currentIsOpen whether the ticket that is current now is still open
 * @throws Refusal CUSTOMER_HAS_OPEN_TICKET
 */
export function decideResumeTicket(
  state: Customer,
  found: ExistingTicket,
  currentIsOpen: boolean,
): CustomerEvent[] {
  if (state.status !== 'known') return [];
  // A person who comes back after an erasure is a new customer: their messages must not enter a conversation without a key.
  if (!state.ticketIds.includes(found.id)) return [];
  const { closes } = found;
  if (state.currentTicketId === found.id && state.resumed === closes) return [];
  if (state.currentTicketId !== found.id && currentIsOpen) throw new Refusal('CUSTOMER_HAS_OPEN_TICKET');
  const resumed = { customerId: state.id, ticketId: found.id, closes };
  return [{ type: 'CustomerTicketResumed', data: resumed }];
}

/** A ticket is being reopened while the customer's stream says so and the ticket's own stream not yet. */
export const isBeingReopened = (state: Customer, current: Ticket): boolean =>
  state.status === 'known' &&
  current.status === 'closed' &&
  state.currentTicketId === current.id &&
  state.resumed === current.closes;

/** Finishes a reopening that another process began: the customer's message must not wait for it. */
export async function finishReopening(
  handler: CommandHandler,
  ticketId: string,
  eventContext: EventContext,
): Promise<Ticket> {
  const departedAgentId = await departedAgentOf(handler, await handler.load(ticket, ticketId));
  const { state } = await handler.executeCommand(ticket, ticketId, eventContext, (current) =>
    current.status === 'absent' ? [] : reopenEvents(current, null, eventContext.at, departedAgentId),
  );
  return state;
}

/** The agent it was closed with, if they take no tickets any more. */
async function departedAgentOf(handler: CommandHandler, found: Ticket): Promise<string | null> {
  if (found.status !== 'closed' || found.agentId === null) return null;
  const agent = await handler.load(user, found.agentId);
  if (agent.status === 'absent') return null;
  const ofRole = await privilegesOfRole(handler, agent);
  const why = whyCannotAnswer({ ...agent, active: agent.status === 'active' }, ofRole, found);
  return why === null ? null : agent.id;
}

export const reopen =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, ticketId: string, { reason }: ReopenInput) => {
    const eventContext = eventContextOf(ctx, clock);
    const found = requireVisible(await handler.load(ticket, ticketId), ctx.caller);
    if (found.status === 'closed') await makeCurrent(handler, found, eventContext);
    const departedAgentId = await departedAgentOf(handler, found);
    const { state, position } = await handler.executeCommand(ticket, ticketId, eventContext, (current) =>
      decideReopen(current, reason ?? null, ctx.caller, eventContext.at, departedAgentId),
    );
    return { status: state.status === 'assigned' ? ('in_progress' as const) : ('new' as const), position };
  };

/** The customer's stream comes first: the customer's next message looks at it. */
async function makeCurrent(handler: CommandHandler, found: ExistingTicket, eventContext: EventContext) {
  const { customerKey, known } = await currentCustomer(handler, found.customerKey);
  const currentId = known.status === 'known' ? known.currentTicketId : null;
  const current = currentId === null ? null : await handler.load(ticket, currentId);
  await onCustomer(handler, customerKey, eventContext, (state) =>
    decideResumeTicket(state, found, currentTicketIsOpen(state, currentId, current)),
  );
}

/** A ticket that became current after the look-up has just started, so it is open. So is one that is not opened yet. */
export function currentTicketIsOpen(
  state: Customer,
  lookedUp: string | null,
  current: Ticket | null,
): boolean {
  if (state.status !== 'known' || state.currentTicketId === null) return false;
  if (state.currentTicketId !== lookedUp || current === null) return true;
  return current.status !== 'closed' || isBeingReopened(state, current);
}
