/** A lead gives a ticket to an agent, of any division (docs/design/api.md#assignment-across-divisions). */
import { z } from 'zod';
import { canAnswer } from '../../domain/routing/who-can-answer.ts';
import { type Caller, DEFAULT_PRIVILEGES, type Privilege } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import { type ExistingUser, user, type User } from '../../domain/staff/user.ts';
import { uuid } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { type ResponseLimit, responseDeadlineOf } from '../routing/response-deadline.ts';
import { privilegesOfRole } from '../staff/role-sets.ts';
import { assigneeOf, requireOpen, requireVisible, requireWithinReach } from './ticket-access.ts';

export const input = z.strictObject({
  assign_to: uuid,
  note: z.string().trim().min(1).max(1000).optional(),
});
export type AssignInput = z.infer<typeof input>;

/**
 * @param ofRole what their role may now
 * @throws Refusal USER_NOT_FOUND, AGENT_INACTIVE, NOT_AN_AGENT: a person who cannot answer gets no ticket
 */
export function requireAssignable(agent: User, ofRole: readonly Privilege[]): ExistingUser {
  if (agent.status === 'absent') throw new Refusal('USER_NOT_FOUND');
  if (agent.status === 'inactive') throw new Refusal('AGENT_INACTIVE');
  if (!canAnswer({ ...agent, active: true }, ofRole)) throw new Refusal('NOT_AN_AGENT');
  return agent;
}

/** What a role may where nobody changed it. */
export const defaultsOf = (agent: User): readonly Privilege[] =>
  agent.status === 'absent' ? [] : DEFAULT_PRIVILEGES[agent.role];

/** Who has the ticket before the assignment: the bot, the queue, or an agent's id. */
function holderOf(state: Ticket): string {
  if (state.status === 'assigned') return state.agentId;
  return state.status === 'queued' ? 'queue' : 'bot';
}

/** @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN, TICKET_CLOSED, ALREADY_ASSIGNED, and those of `assignable` */
export function decideAssign(
  state: Ticket,
  to: User,
  note: string | null,
  caller: Caller,
  limit: { replyBy?: string } = {},
  ofRole: readonly Privilege[] = defaultsOf(to),
): TicketEvent[] {
  const found = requireOpen(requireVisible(state, caller));
  const agent = requireAssignable(to, ofRole);
  requireWithinReach(caller, found, agent);
  if (assigneeOf(found) === agent.id) throw new Refusal('ALREADY_ASSIGNED');
  return [
    {
      type: 'TicketAssigned',
      data: {
        ticketId: found.id,
        division: found.division,
        agentId: agent.id,
        agentDivision: agent.division,
        from: holderOf(found),
        note,
        ...limit,
      },
    },
  ];
}

export const assign =
  ({
    handler,
    clock,
    replyWithin = null,
  }: {
    handler: CommandHandler;
    clock: Clock;
    replyWithin?: ResponseLimit;
  }) =>
  async (ctx: CommandContext, ticketId: string, { assign_to, note }: AssignInput) => {
    const eventContext = eventContextOf(ctx, clock);
    const to = await handler.load(user, assign_to);
    const ofRole = await privilegesOfRole(handler, to);
    const limit = responseDeadlineOf(eventContext.at, replyWithin);
    const { events, position } = await handler.executeCommand(ticket, ticketId, eventContext, (state) =>
      decideAssign(state, to, note ?? null, ctx.caller, limit, ofRole),
    );
    const assigned = events.find((event) => event.type === 'TicketAssigned');
    return { from: assigned?.data.from ?? 'bot', to: assign_to, timestamp: eventContext.at, position };
  };
