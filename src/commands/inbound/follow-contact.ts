/**
 * A customer's name, number or id can come later, and can change (docs/design/channels.md#one-person): the newest one is
 * shown, and written to.
 */
import type { Customer, CustomerEvent, KnownCustomer } from '../../domain/customers/customer.ts';
import type { InboundMessage } from '../../domain/inbound/inbound.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';
import { onCustomer, type ResolvedCustomer } from '../customers/current-customer.ts';

/** Where a customer is reached, and what they are called; a member that is undefined stays as it is. */
export interface NewContact {
  readonly channelUserId: string;
  readonly phone: string | null;
  readonly name: string | null;
  readonly saidAt: string;
}

/**
 * @returns what is new; undefined: nothing. A message without a number takes no number away: who has one is reached by it.
 *   One that was written before what is known adds what is missing and changes nothing: it comes late
 */
export function contactAfter(known: KnownCustomer, message: InboundMessage): NewContact | undefined {
  const { changedTo, userId, phone, userName, sentAt } = message;
  const to = changedTo ?? { userId, phone };
  const { contactSaidAt } = known;
  const isLate = contactSaidAt !== null && Date.parse(sentAt) < Date.parse(contactSaidAt);
  const reaches = isLate
    ? known.phone === null && to.phone !== null
    : to.phone !== null || known.phone === null;
  const next = {
    channelUserId: reaches ? to.userId : known.channelUserId,
    phone: reaches ? (to.phone ?? known.phone) : known.phone,
    name: isLate || known.nameIsOurs ? (known.name ?? userName) : (userName ?? known.name),
    saidAt: isLate ? contactSaidAt : sentAt,
  };
  const isSame =
    next.channelUserId === known.channelUserId && next.phone === known.phone && next.name === known.name;
  return isSame ? undefined : next;
}

export function decideContactChange(state: Customer, message: InboundMessage): CustomerEvent[] {
  if (state.status !== 'known') return [];
  const contact = contactAfter(state, message);
  return contact ? [{ type: 'CustomerContactChanged', data: { customerId: state.id, ...contact } }] : [];
}

/** The ticket shows and is found by what the customer is called now. */
export function decideTicketContact(state: Ticket, name: string | null, phone: string | null): TicketEvent[] {
  if (state.status === 'absent') return [];
  const { id: ticketId, division } = state;
  return [
    { type: 'TicketContactChanged', data: { ticketId, division, customerName: name, customerPhone: phone } },
  ];
}

/**
 * @param resolved the customer as found before the message: one who was unknown has been registered with what it says
 * @param ticketId null: it was opened just now, with what the message says
 * @throws StoreUnavailable
 */
export async function followContact(
  handler: CommandHandler,
  { customerKey, known }: ResolvedCustomer,
  ticketId: string | null,
  message: InboundMessage,
  eventContext: EventContext,
): Promise<void> {
  if (known.status === 'unknown' || !contactAfter(known, message)) return;
  const { events, state } = await onCustomer(handler, customerKey, eventContext, (current) =>
    decideContactChange(current, message),
  );
  if (events.length === 0 || state.status === 'unknown') return;
  if (ticketId === null || (state.name === known.name && state.phone === known.phone)) return;
  await handler.executeCommand(ticket, ticketId, eventContext, (current) =>
    decideTicketContact(current, state.name, state.phone),
  );
}
