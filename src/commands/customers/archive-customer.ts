/**
 * A customer is taken off the list, or brought back (docs/design/field-service.md#customers-by-hand). Who writes again is back by
 * themselves (`src/commands/inbound/open-ticket.ts`).
 */
import type { Customer, CustomerEvent } from '../../domain/customers/customer.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import type { BlindIndex, Clock, Position } from '../../ports.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { type MeantCustomer, requireCustomer } from './current-customer.ts';
import { onMeantCustomer, whoIsMeant } from './merge.ts';

/** What is going on with a customer: their open ticket, and whether a job of theirs is not over. */
export interface OpenWork {
  readonly openTicketId: string | null;
  readonly hasOpenJob: boolean;
}

/**
 * Archived already makes no event.
 * @throws Refusal CUSTOMER_NOT_FOUND; CUSTOMER_HAS_OPEN_WORK: a ticket or a job is open
 */
export function decideArchiveCustomer(
  state: Customer,
  customerId: string,
  { openTicketId, hasOpenJob }: OpenWork,
  caller: Pick<Caller, 'role' | 'division'>,
): CustomerEvent[] {
  const known = requireCustomer(state, customerId, caller);
  if (known.archived) return [];
  if (hasOpenJob || openTicketId !== null) throw new Refusal('CUSTOMER_HAS_OPEN_WORK');
  return [{ type: 'CustomerArchived', data: { customerId: known.id } }];
}

/** Not archived makes no event. @throws Refusal CUSTOMER_NOT_FOUND */
export function decideUnarchiveCustomer(
  state: Customer,
  customerId: string,
  caller: Pick<Caller, 'role' | 'division'>,
): CustomerEvent[] {
  const known = requireCustomer(state, customerId, caller);
  return known.archived ? [{ type: 'CustomerUnarchived', data: { customerId: known.id } }] : [];
}

export const archiveCustomer =
  (deps: { readonly handler: CommandHandler; readonly clock: Clock; readonly blindIndex: BlindIndex }) =>
  async (
    ctx: CommandContext,
    who: MeantCustomer,
    wish: 'archive' | 'unarchive',
    hasOpenJob: boolean,
  ): Promise<{ position: Position }> => {
    const { handler, clock } = deps;
    const eventContext = eventContextOf(ctx, clock);
    const { customerId } = who;
    const { known } = await whoIsMeant(deps, who, eventContext);
    const currentId = known.status === 'known' ? known.currentTicketId : null;
    const isClosed = currentId === null || (await handler.load(ticket, currentId)).status === 'closed';
    const { position } = await onMeantCustomer(deps, who, eventContext, (now) => {
      if (wish === 'unarchive') return decideUnarchiveCustomer(now, customerId, ctx.caller);
      const nowId = now.status === 'known' ? now.currentTicketId : null;
      const openTicketId = nowId === currentId && isClosed ? null : nowId;
      return decideArchiveCustomer(now, customerId, { openTicketId, hasOpenJob }, ctx.caller);
    });
    return { position };
  };
