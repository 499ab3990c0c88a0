/**
 * What the router does with a ticket in the queue: assigns it, releases it, withdraws it
 * (docs/design/business-rules.md#routing and docs/design/business-rules.md#sharing-the-queue and
 * docs/design/business-rules.md#response-deadline).
 */
import {
  conversation,
  type Conversation,
  type ConversationEvent,
} from '../../domain/conversation/conversation.ts';
import type { Assignment } from '../../domain/routing/routing-rules.ts';
import { canAnswer, type Leaving, whyCannotAnswer } from '../../domain/routing/who-can-answer.ts';
import { DEFAULT_PRIVILEGES, type Privilege } from '../../domain/staff/privileges.ts';
import { delivery } from '../../domain/outbound/delivery.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import { user, type User } from '../../domain/staff/user.ts';
import type { Clock, Ids } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';
import { privilegesOfRole } from '../staff/role-sets.ts';
import { type ResponseLimit, responseDeadlineOf } from './response-deadline.ts';

/** Only a ticket that is still in the queue, and only to an agent who is still online; else no event. */
export function decideAssignment(
  state: Ticket,
  agent: User,
  { agentId, reason }: Assignment,
  limit: { replyBy?: string } = {},
  ofRole: readonly Privilege[] = agent.status === 'absent' ? [] : DEFAULT_PRIVILEGES[agent.role],
): TicketEvent[] {
  if (state.status !== 'queued') return [];
  if (agent.status !== 'active' || agent.presence !== 'online') return [];
  if (!canAnswer({ ...agent, active: true }, ofRole)) return [];
  const { id: ticketId, division } = state;
  const assignment = { agentId, agentDivision: agent.division, from: 'queue', note: null, reason, ...limit };
  return [{ type: 'TicketAssigned', data: { ticketId, division, ...assignment } }];
}

/** The agent it waits for takes no tickets any more: it moves to the general queue and keeps its place. */
export function decideRelease(state: Ticket): TicketEvent[] {
  if (state.status !== 'queued' || state.waitingFor === null) return [];
  const { id: ticketId, division } = state;
  return [{ type: 'TicketQueued', data: { ticketId, division, label: 'waiting_agent', waitingFor: null } }];
}

/**
 * Only after the deadline, from an agent who has not answered: the first reply that did not fail locks the ownership
 * (docs/design/business-rules.md#failed-replies).
 * @param failed replies that the sender could not deliver
 */
export function decideWithdrawal(
  state: Ticket,
  conversationState: Conversation,
  now: string,
  failed: ReadonlySet<string> = new Set(),
): TicketEvent[] {
  if (state.status !== 'assigned' || state.replyBy === null || now < state.replyBy) return [];
  const { id: ticketId, division, agentId } = state;
  const hasAnswered = conversationState.replies.some(
    (reply) =>
      reply.agentId === agentId &&
      // Also one that our sender gave up, and that the channel reports delivered after all.
      (conversationState.arrived.includes(reply.messageId) ||
        (!failed.has(reply.messageId) && !conversationState.failed.includes(reply.messageId))),
  );
  if (hasAnswered) return [];
  return [{ type: 'TicketWithdrawn', data: { ticketId, division, agentId } }];
}

/**
 * An agent who cannot answer any more keeps no open ticket (docs/design/business-rules.md#people-who-left).
 * @param ofRole what the role of the agent may now
 */
export function decideReturn(state: Ticket, agent: User, ofRole: readonly Privilege[]): TicketEvent[] {
  if (state.status !== 'assigned' || agent.status === 'absent' || agent.id !== state.agentId) return [];
  const because = whyCannotAnswer({ ...agent, active: agent.status === 'active' }, ofRole, state);
  if (because === null) return [];
  const { id: ticketId, division, agentId } = state;
  return [{ type: 'TicketWithdrawn', data: { ticketId, division, agentId, because } }];
}

const NOTICES = {
  waiting: 'Mohon tunggu ya, Kak. Pesan Anda sudah masuk antrian dan akan segera dibalas oleh tim kami.',
  off_hours:
    'Terima kasih sudah menghubungi kami. Saat ini di luar jam operasional, pesan Anda sudah masuk antrian ' +
    'dan akan dibalas pada jam kerja berikutnya.',
};

/** Once for each ticket, and only while it waits. */
export function decideQueueNotice(
  conversationState: Conversation,
  queued: Ticket,
  notice: { readonly messageId: string; readonly sentAt: string },
): ConversationEvent[] {
  if (conversationState.noticed || queued.status !== 'queued') return [];
  const content = queued.label === 'off_hours' ? NOTICES.off_hours : NOTICES.waiting;
  const { id: ticketId, division } = queued;
  return [{ type: 'QueueNoticePosted', data: { ticketId, division, content, ...notice } }];
}

/** The replies of who has the ticket that the sender could not deliver. @throws StoreUnavailable */
async function failedReplies(
  handler: Pick<CommandHandler, 'load'>,
  ticketId: string,
  { replies }: Conversation,
): Promise<ReadonlySet<string>> {
  const state = await handler.load(ticket, ticketId);
  const agentId = state.status === 'assigned' ? state.agentId : null;
  const failed = new Set<string>();
  for (const { messageId } of replies.filter((reply) => reply.agentId === agentId))
    if ((await handler.load(delivery, messageId)).status === 'failed') failed.add(messageId);
  return failed;
}

/** Why an agent has to give tickets back. */
export interface ReturnOfTickets {
  readonly agentId: string;
  readonly because: Leaving;
  /** Grows with each change of the agent's rights: a return is told of once. */
  readonly generation: number;
}

export type RouteTicket = ReturnType<typeof routeTicket>;

export const routeTicket = (deps: {
  handler: CommandHandler;
  clock: Clock;
  ids: Ids;
  replyWithin: ResponseLimit;
}) => {
  const { handler, clock, ids, replyWithin } = deps;
  /** @param cause id of the event that made the router act */
  const eventContext = (cause: string): EventContext => ({
    actor: { kind: 'system', process: 'routing' },
    correlationId: cause,
    causationId: cause,
    requestId: cause,
    at: clock.now().toISOString(),
  });
  return {
    /** @returns why this agent must give that ticket back; null: they keep it, or have it no more. From the streams */
    async mustReturn(agentId: string, ticketId: string): Promise<ReturnOfTickets | null> {
      const agent = await handler.load(user, agentId);
      const may = await privilegesOfRole(handler, agent);
      const [event] = decideReturn(await handler.load(ticket, ticketId), agent, may);
      const because = event?.type === 'TicketWithdrawn' ? event.data.because : undefined;
      if (because === undefined || agent.status === 'absent') return null;
      return { agentId, because, generation: agent.sessionGeneration };
    },
    /** Puts a ticket back into the queue whose agent cannot answer any more. */
    async giveBack(ticketId: string, agentId: string, cause: string): Promise<void> {
      const agent = await handler.load(user, agentId);
      const may = await privilegesOfRole(handler, agent);
      await handler.executeCommand(ticket, ticketId, eventContext(cause), (state) =>
        decideReturn(state, agent, may),
      );
    },
    /** @returns whether the ticket was assigned; null: there is no such ticket */
    async assign(assignment: Assignment, cause: string): Promise<boolean | null> {
      const agent = await handler.load(user, assignment.agentId);
      const context = eventContext(cause);
      const may = await privilegesOfRole(handler, agent);
      const { events, state } = await handler.executeCommand(ticket, assignment.ticketId, context, (before) =>
        decideAssignment(before, agent, assignment, responseDeadlineOf(context.at, replyWithin), may),
      );
      return state.status === 'absent' ? null : events.length > 0;
    },
    async release(ticketId: string, cause: string): Promise<void> {
      await handler.executeCommand(ticket, ticketId, eventContext(cause), decideRelease);
    },
    /** @returns whether it was withdrawn */
    async withdraw(ticketId: string, cause: string): Promise<boolean> {
      const conversationState = await handler.load(conversation, ticketId);
      const context = eventContext(cause);
      const failed = await failedReplies(handler, ticketId, conversationState);
      const { events } = await handler.executeCommand(ticket, ticketId, context, (state) =>
        decideWithdrawal(state, conversationState, context.at, failed),
      );
      return events.length > 0;
    },
    /** Writes to the customer, on their channel, that they wait. */
    async notice(ticketId: string, cause: string): Promise<void> {
      const queued = await handler.load(ticket, ticketId);
      const context = eventContext(cause);
      const notice = { messageId: ids.fromAt(new Date(context.at), 'notice', ticketId), sentAt: context.at };
      await handler.executeCommand(conversation, ticketId, context, (conversationState) =>
        decideQueueNotice(conversationState, queued, notice),
      );
    },
  };
};
