/**
 * Erases a customer (Indonesian law 27/2022): it is decided on their own stream, listed for every later start, and then
 * their key is destroyed. What is made of their words elsewhere follows from the events: read tables in
 * `projections/erasure/erasure.ts`, everything else in `jobs/erasure/erasure.ts`.
 */
import { z } from 'zod';
import { customer, type Customer, type CustomerEvent } from '../../domain/customers/customer.ts';
import { type Erasure, erasures, ERASURES_ID } from '../../domain/erasure/erasures.ts';
import { Refusal } from '../../domain/refusals.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import type { BlindIndex, Clock, PersonalKeys, Position } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';

export const input = {
  /** No name and no number: it stays. */
  reason: z.string().trim().min(1).max(200).nullable().optional(),
};

export interface CustomerToErase {
  readonly customerId: string;
  readonly customerKey: string;
  readonly reason: string | null;
  /** They were erased once, and a backup brought them back: an open ticket is no reason to wait. */
  readonly again?: boolean;
  /** As it was when they were erased first: their channel id cannot be read any more. */
  readonly orderingKey?: string | undefined;
}

/**
 * Nothing when they were erased already, also when the same person has come back as a new customer since.
 * @param hasOpenTicket whether their current ticket is open
 * @throws Refusal CUSTOMER_NOT_FOUND, CUSTOMER_HAS_OPEN_TICKET: somebody is talking with them
 */
export function decideEraseCustomer(
  state: Customer,
  { customerId, reason, again = false, orderingKey: known }: CustomerToErase,
  hasOpenTicket: boolean,
  orderingKeyOf: (division: string, channelUserId: string) => string,
): CustomerEvent[] {
  if (state.status === 'unknown' && state.erased === null) throw new Refusal('CUSTOMER_NOT_FOUND');
  if (state.status === 'unknown' || state.id !== customerId) return [];
  if (hasOpenTicket && !again) throw new Refusal('CUSTOMER_HAS_OPEN_TICKET');
  const { key: customerKey, division, ticketIds, channelUserId } = state;
  const orderingKey = known ?? orderingKeyOf(division, channelUserId);
  return [
    {
      type: 'CustomerErased',
      data: { customerId, customerKey, division, ticketIds: [...ticketIds], orderingKey, reason },
    },
  ];
}

export interface EraseDeps {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly blindIndex: BlindIndex;
  readonly keys: Pick<PersonalKeys, 'destroy'>;
}

/** Puts what was decided on the list, and destroys the key. Again and again without harm. @throws StoreUnavailable */
export async function carryOut(
  { handler, keys }: Pick<EraseDeps, 'handler' | 'keys'>,
  erased: Erasure,
  eventContext: EventContext,
): Promise<Position> {
  const { customerId, customerKey, division, ticketIds, orderingKey } = erased;
  const { position } = await handler.executeCommand(erasures, ERASURES_ID, eventContext, ({ customers }) =>
    customers.has(customerId)
      ? []
      : [{ type: 'ErasureListed', data: { customerId, customerKey, division, ticketIds, orderingKey } }],
  );
  await keys.destroy([customerId]);
  return position;
}

/** @returns when it was decided just now or before, and where the last of it stands */
export const eraseCustomer =
  ({ handler, clock, blindIndex, keys }: EraseDeps) =>
  async (ctx: CommandContext, whom: CustomerToErase): Promise<{ erased_at: string; position: Position }> => {
    const eventContext = eventContextOf(ctx, clock);
    const known = await handler.load(customer, whom.customerKey);
    const currentId = known.status === 'known' ? known.currentTicketId : null;
    const current = currentId === null ? null : await handler.load(ticket, currentId);
    const { state, position } = await handler.executeCommand(
      customer,
      whom.customerKey,
      eventContext,
      (now) => {
        // A ticket that was started since it was looked up is open.
        const same = now.status === 'known' && now.currentTicketId === currentId;
        const open = !same || (current !== null && current.status !== 'closed');
        return decideEraseCustomer(now, whom, open, (division, userId) =>
          blindIndex('ordering', `${division} ${userId}`),
        );
      },
    );
    const erased = state.status === 'unknown' ? state.erased : null;
    if (erased?.id !== whom.customerId) return { erased_at: eventContext.at, position };
    const listed = await carryOut({ handler, keys }, erased.facts, eventContext);
    return { erased_at: eventContext.at, position: listed > position ? listed : position };
  };

export type EraseCustomer = ReturnType<typeof eraseCustomer>;
