/**
 * An internal note (L2) on a ticket: staff only, never to a channel
 * (docs/design/business-rules.md#l2-never-reaches-a-customer).
 */
import { z } from 'zod';
import { messageText } from './reply.ts';
import { internalNotes, type InternalEvent } from '../../domain/conversation/internal-notes.ts';
import { type Caller, mayReadNotes, maySee } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type ExistingTicket, ticket, type Ticket } from '../../domain/tickets/ticket.ts';
import { user, type User } from '../../domain/staff/user.ts';
import { uuid } from '../../domain/vocabulary.ts';
import type { Clock, Ids } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { assigneeOf, requireVisible } from '../tickets/ticket-access.ts';

export const input = z.strictObject({
  content: messageText,
  tagged_agent_id: uuid.optional(),
});
export type InternalNoteInput = z.infer<typeof input>;

/** @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN, NOT_ASSIGNEE (an agent on somebody else's ticket) */
export function requireNoteAllowed(state: Ticket, caller: Caller): ExistingTicket {
  const found = requireVisible(state, caller);
  if (!mayReadNotes(caller, { assignee: assigneeOf(found) })) throw new Refusal('NOT_ASSIGNEE');
  return found;
}

/** @throws Refusal TAGGED_USER_CANNOT_READ when the note would reach someone who may not read it */
export function requireTaggable(found: ExistingTicket, tagged: User): void {
  const ticketFacts = { division: found.division, assignee: assigneeOf(found) };
  const mayRead =
    tagged.status === 'active' && maySee(tagged, ticketFacts) && mayReadNotes(tagged, ticketFacts);
  if (!mayRead)
    throw new Refusal('TAGGED_USER_CANNOT_READ', [
      { path: 'tagged_agent_id', message: 'TAGGED_USER_CANNOT_READ' },
    ]);
}

export function decidePostInternalNote(
  found: ExistingTicket,
  note: {
    readonly noteId: string;
    readonly senderId: string;
    readonly content: string;
    readonly taggedAgentId: string | null;
  },
): InternalEvent[] {
  return [{ type: 'InternalNotePosted', data: { ticketId: found.id, division: found.division, ...note } }];
}

export const postInternalNote =
  ({ handler, clock, ids }: { handler: CommandHandler; clock: Clock; ids: Ids }) =>
  async (ctx: CommandContext, ticketId: string, { content, tagged_agent_id }: InternalNoteInput) => {
    const eventContext = eventContextOf(ctx, clock);
    const found = requireNoteAllowed(await handler.load(ticket, ticketId), ctx.caller);
    if (tagged_agent_id !== undefined) requireTaggable(found, await handler.load(user, tagged_agent_id));
    const noteId = ids.next();
    const note = { noteId, senderId: ctx.caller.id, content, taggedAgentId: tagged_agent_id ?? null };
    const { events, position } = await handler.executeCommand(internalNotes, ticketId, eventContext, () =>
      decidePostInternalNote(found, note),
    );
    return { message_id: events[0]?.data.noteId ?? noteId, sent_at: eventContext.at, position };
  };
