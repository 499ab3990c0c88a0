/** A channel that was asked says what a customer is called (docs/design/channels.md#names-that-are-asked-for). */
import { type Customer, type CustomerEvent, isKnownAs } from '../../domain/customers/customer.ts';
import { conversation } from '../../domain/conversation/conversation.ts';
import { cutName } from '../../domain/customers/name.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Clock } from '../../ports.ts';
import { currentCustomer, onCustomer } from './current-customer.ts';
import { decideTicketContact } from '../inbound/follow-contact.ts';
import type { Cause } from '../outbound/record-delivery.ts';

/** Who is meant; somebody who was erased and is back on the same stream is another one. */
export interface NamedCustomer {
  readonly customerId: string;
  readonly customerKey: string;
}

/** A name that is known by then stays: the customer, or a person of ours, said it. */
export function decideCustomerName(state: Customer, customerId: string, name: string): CustomerEvent[] {
  if (state.status !== 'known' || !isKnownAs(state, customerId) || state.name !== null) return [];
  const { id, channelUserId, phone } = state;
  return [
    { type: 'CustomerContactChanged', data: { customerId: id, channelUserId, phone, name: cutName(name) } },
  ];
}

/** `name` null: they have one, and the ticket may not show it yet. */
export type NameCustomer = (who: NamedCustomer, name: string | null, cause: Cause) => Promise<void>;

/** The function throws StoreUnavailable. */
export const nameCustomer =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }): NameCustomer =>
  async ({ customerId, customerKey }, name, cause) => {
    const eventContext = {
      actor: { kind: 'system', process: 'names' } as const,
      correlationId: cause.metadata.correlationId,
      causationId: cause.id,
      requestId: cause.metadata.requestId,
      at: clock.now().toISOString(),
    };
    const { state } = await onCustomer(handler, customerKey, eventContext, (current) =>
      name === null ? [] : decideCustomerName(current, customerId, name),
    );
    if (state.status === 'unknown' || !isKnownAs(state, customerId) || state.currentTicketId === null) return;
    const { name: known, phone } = state;
    if (known === null) return;
    // A kill between the two is made up for: by its key this happens once.
    const once = { ...eventContext, key: cause.id };
    await handler.executeCommand(ticket, state.currentTicketId, once, (current) =>
      decideTicketContact(current, known, phone),
    );
  };

/** What is left to do about a customer's name. */
export type Unnamed =
  /** `line`: of ours that they wrote to. */
  { readonly kind: 'ask'; readonly line: string } | { readonly kind: 'named' | 'not_yet' | 'nobody' };

/** The function throws StoreUnavailable. */
export const unnamedCustomer =
  ({ handler }: { handler: Pick<CommandHandler, 'load'> }) =>
  async ({ customerId, customerKey }: NamedCustomer): Promise<Unnamed> => {
    const { known } = await currentCustomer(handler, customerKey);
    if (known.status === 'unknown' || !isKnownAs(known, customerId)) return { kind: 'nobody' };
    if (known.name !== null) return { kind: 'named' };
    if (known.currentTicketId === null) return { kind: 'not_yet' };
    const { line } = await handler.load(conversation, known.currentTicketId);
    return line === null ? { kind: 'not_yet' } : { kind: 'ask', line };
  };
