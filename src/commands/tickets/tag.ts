/** Puts a tag on a ticket or takes it off (docs/design/api.md#tags). */
import { z } from 'zod';
import type { Caller } from '../../domain/staff/privileges.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import { ERASED } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { requireVisible } from './ticket-access.ts';

/** A comma separates tags in the inbox query, so no tag may hold one. */
export const tagName = z
  .string()
  .trim()
  .min(1)
  .max(50)
  .regex(/^[^,\p{C}]+$/u)
  // It is what an erasure leaves of a tag.
  .refine((tag) => tag !== ERASED);
export const input = z.strictObject({ action: z.enum(['add', 'remove']), tag: tagName });
export type TagInput = z.infer<typeof input>;

/** Adding what is there, or removing what is not, is no error and makes no event. */
export function decideTag(state: Ticket, { action, tag }: TagInput, caller: Caller): TicketEvent[] {
  const { id, division, tags } = requireVisible(state, caller);
  if (tags.includes(tag) === (action === 'add')) return [];
  return [
    { type: action === 'add' ? 'TicketTagged' : 'TicketUntagged', data: { ticketId: id, division, tag } },
  ];
}

export const tag =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, ticketId: string, wanted: TagInput) => {
    const { state, position } = await handler.executeCommand(
      ticket,
      ticketId,
      eventContextOf(ctx, clock),
      (current) => decideTag(current, wanted, ctx.caller),
    );
    return { tags: state.status === 'absent' ? [] : [...state.tags], position };
  };
