/** A talk of the web chat that is older than it may be: closed, and its visitor erased (docs/design/chat.md#retention). */
import { conversation, type Conversation } from '../../domain/conversation/conversation.ts';
import { PRIVILEGES } from '../../domain/staff/privileges.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Clock, Ids } from '../../ports.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import type { EraseCustomer } from '../erasure/erase-customer.ts';
import { decideClose } from '../tickets/close.ts';

/** On record with the erasure. */
const REASON = 'masa simpan web chat berakhir';

export interface ForgetOldDeps {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly eraseCustomer: EraseCustomer;
}

/**
 * The table that found the talk may be behind: the stream says when the visitor wrote last.
 * @param before ISO 8601
 */
export const wroteSince = ({ lastCustomerMessageAt }: Conversation, before: string): boolean =>
  lastCustomerMessageAt !== null && lastCustomerMessageAt >= before;

/** @returns whether they are erased: not when they wrote again meanwhile. @throws StoreUnavailable */
export const forgetOld =
  ({ handler, clock, ids, eraseCustomer }: ForgetOldDeps) =>
  async (
    talk: { readonly customerId: string; readonly customerKey: string; readonly tickets: readonly string[] },
    before: string,
  ): Promise<boolean> => {
    const requestId = ids.next();
    const ctx: CommandContext = {
      caller: { id: requestId, role: 'super_admin', division: 'all', privileges: new Set(PRIVILEGES) },
      actor: { kind: 'system', process: 'chat-retention' },
      requestId,
      correlationId: requestId,
    };
    const talks = await Promise.all(talk.tickets.map((id) => handler.load(conversation, id)));
    if (talks.some((one) => wroteSince(one, before))) return false;
    const close = (state: Ticket): TicketEvent[] => decideClose(state, null, ctx.caller);
    for (const id of talk.tickets)
      await handler.executeCommand(ticket, id, eventContextOf(ctx, clock), close);
    try {
      await eraseCustomer(ctx, { ...talk, reason: REASON });
      return true;
    } catch (error) {
      // They came back in this instant.
      if (error instanceof Refusal && error.code === 'CUSTOMER_HAS_OPEN_TICKET') return false;
      throw error;
    }
  };
