/** Puts a tag on a ticket or takes it off (docs/design/api.md#tags). */
import { z } from 'zod';
import { because } from '../../domain/problems.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { nameKey } from '../../domain/settings/name-key.ts';
import { CATALOGUE_ID, tagCatalogue } from '../../domain/settings/tag-catalogue.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import { ERASED } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { requireVisible } from './ticket-access.ts';

/** A comma separates tags in the inbox query, so no tag may hold one. */
export const tagName = z
  .string()
  // One spelling of what looks the same.
  .normalize('NFC')
  .trim()
  .min(1)
  .max(50)
  .regex(/^[^,\p{C}]+$/u, 'Tag tidak boleh berisi koma atau karakter kendali')
  // It is what an erasure leaves of a tag.
  .refine((tag) => tag !== ERASED, because('NOT_APPLICABLE', 'Nama tag ini dipakai oleh sistem'));
export const input = z.strictObject({ action: z.enum(['add', 'remove']), tag: tagName });
export type TagInput = z.infer<typeof input>;

/**
 * Adding what is there, or removing what is not, is no error and makes no event. A tag is the same however it is written
 * (docs/design/api.md#tags).
 */
export function decideTag(state: Ticket, { action, tag }: TagInput, caller: Caller): TicketEvent[] {
  const { id: ticketId, division, tags } = requireVisible(state, caller);
  const there = tags.filter((one) => nameKey(one) === nameKey(tag));
  if (action === 'remove')
    return there.map((one) => ({ type: 'TicketUntagged', data: { ticketId, division, tag: one } }));
  return there.length > 0 ? [] : [{ type: 'TicketTagged', data: { ticketId, division, tag } }];
}

export const tag =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, ticketId: string, wanted: TagInput) => {
    // As the catalogue spells it, where it has it.
    const listed = (await handler.load(tagCatalogue, CATALOGUE_ID)).byKey.get(nameKey(wanted.tag));
    const spelled = { ...wanted, tag: listed?.name ?? wanted.tag };
    const { state, position } = await handler.executeCommand(
      ticket,
      ticketId,
      eventContextOf(ctx, clock),
      (current) => decideTag(current, spelled, ctx.caller),
    );
    return { tags: state.status === 'absent' ? [] : [...state.tags], position };
  };
