/**
 * A customer wants no more offers, or wants them again (docs/design/business-rules.md#opt-out;
 * docs/design/whatsapp.md#error-codes). Decided on their own stream, and shown on each of their tickets.
 */
import type {
  CurrentCustomer,
  Customer,
  CustomerEvent,
  KnownCustomer,
} from '../../domain/customers/customer.ts';
import type { Inbound } from '../../domain/inbound/inbound.ts';
import type { Ticket, TicketEvent } from '../../domain/tickets/ticket.ts';
import type { Position } from '../../ports.ts';
import { onCustomer, onTheirTickets } from './current-customer.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';

/** The channels' codes for 'this customer wants no more': of marketing messages, or of anything (Twilio keeps a list of its own). */
export const OPTED_OUT_CODES: ReadonlySet<string> = new Set(['131050', 'tw_21610']);

/** Channels say no at once or in a later report (docs/design/whatsapp.md#error-codes). */
export const reportsOptOut = ({
  status,
  error,
}: Pick<Extract<Inbound, { kind: 'status' }>, 'status' | 'error'>): boolean =>
  status === 'failed' && OPTED_OUT_CODES.has(error?.split(' ')[0] ?? '');

/** Who says so: the customer's own words, the channel, or a person of staff with a reason. */
type OptOutBy = { readonly by: 'keyword' | 'channel' } | { readonly by: 'agent'; readonly reason: string };

/** What the channel says of somebody who has not written yet. */
export type NewCustomer = Extract<CustomerEvent, { type: 'CustomerRegistered' }>['data'];

/**
 * Once. Who is not known yet is registered with it, so that it holds from their first message on; without the facts for
 * that it makes no event.
 */
export function decideOptOut(state: Customer, by: OptOutBy, unknown?: NewCustomer): CustomerEvent[] {
  if (state.status === 'known')
    return state.optedOut ? [] : [{ type: 'CustomerOptedOut', data: { customerId: state.id, ...by } }];
  if (state.status === 'merged' || unknown === undefined || state.erased?.optedOut === true) return [];
  return [
    { type: 'CustomerRegistered', data: unknown },
    { type: 'CustomerOptedOut', data: { customerId: unknown.customerId, ...by } },
  ];
}

/** Who has not opted out makes no event. */
export function decideOptIn(
  state: Customer,
  by: { readonly by: 'keyword' } | Extract<OptOutBy, { by: 'agent' }>,
): CustomerEvent[] {
  if (state.status !== 'known' || !state.optedOut) return [];
  return [{ type: 'CustomerOptedIn', data: { customerId: state.id, ...by } }];
}

/** A ticket shows it, an old one too: it may be followed up. */
export function decideTicketOffers(state: Ticket, optedOut: boolean): TicketEvent[] {
  if (state.status === 'absent' || state.optedOut === optedOut) return [];
  const { id: ticketId, division } = state;
  return [{ type: 'TicketOffersChanged', data: { ticketId, division, optedOut } }];
}

/** All of their tickets show it, also when it was decided before: a crash may have come between. */
export const showOffers = (
  handler: CommandHandler,
  state: KnownCustomer,
  eventContext: EventContext,
): Promise<Position | null> =>
  onTheirTickets(handler, state, eventContext, (found) => decideTicketOffers(found, state.optedOut));

async function change(
  handler: CommandHandler,
  customerKey: string,
  eventContext: EventContext,
  decide: (state: CurrentCustomer) => CustomerEvent[],
): Promise<void> {
  const { state } = await onCustomer(handler, customerKey, eventContext, decide);
  if (state.status !== 'unknown') await showOffers(handler, state, eventContext);
}

/** @param unknown to register somebody who has not written yet. @throws StoreUnavailable */
export async function optOut(
  handler: CommandHandler,
  customerKey: string,
  eventContext: EventContext,
  by: 'keyword' | 'channel',
  unknown?: NewCustomer,
): Promise<void> {
  await change(handler, customerKey, eventContext, (state) => decideOptOut(state, { by }, unknown));
}

/** What the customer's own words ask for. @throws StoreUnavailable */
export async function followWish(
  handler: CommandHandler,
  customerKey: string,
  eventContext: EventContext,
  wish: 'stop' | 'start' | null,
): Promise<void> {
  if (wish === null) return;
  await change(handler, customerKey, eventContext, (state) =>
    wish === 'stop' ? decideOptOut(state, { by: 'keyword' }) : decideOptIn(state, { by: 'keyword' }),
  );
}
