/**
 * Two customers who turned out to be one are found, and changed, under every name that either had
 * (docs/design/business-rules.md#two-customers-who-are-one).
 */
import {
  type CurrentCustomer,
  type Customer,
  customer,
  type CustomerEvent,
  isKnownAs,
  type KnownCustomer,
} from '../../domain/customers/customer.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type Caller, covers } from '../../domain/staff/privileges.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import type { Position } from '../../ports.ts';
import type { CommandHandler, Decided, EventContext } from '../../engine/commands/command-handler.ts';

/** A younger customer is merged into an older one, so a way ends; a longer one than this means something is wrong. */
const MOST_STEPS = 32;

export interface ResolvedCustomer {
  readonly customerKey: string;
  /** Its state when it was looked up. */
  readonly known: CurrentCustomer;
}

/** @returns who is behind this key now. The function throws StoreUnavailable. */
export async function currentCustomer(
  handler: Pick<CommandHandler, 'load'>,
  key: string,
): Promise<ResolvedCustomer> {
  let customerKey = key;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const known = await handler.load(customer, customerKey);
    if (known.status !== 'merged') return { customerKey, known };
    ({ customerKey } = known.into);
  }
  throw new Error(`customer ${key} was merged in a circle`);
}

/** Decides on who is behind this key now, also when they are merged meanwhile. @throws as `executeCommand` */
export async function onCustomer(
  handler: Pick<CommandHandler, 'executeCommand'>,
  key: string,
  eventContext: EventContext,
  decide: (state: CurrentCustomer) => readonly CustomerEvent[],
): Promise<Decided<CurrentCustomer, CustomerEvent> & { readonly customerKey: string }> {
  let customerKey = key;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { state, ...decided } = await handler.executeCommand(customer, customerKey, eventContext, (now) =>
      now.status === 'merged' ? [] : decide(now),
    );
    if (state.status !== 'merged') return { ...decided, state, customerKey };
    ({ customerKey } = state.into);
  }
  throw new Error(`customer ${key} was merged in a circle`);
}

/** The customer that a person means, by the key of their stream. */
export interface MeantCustomer {
  readonly customerId: string;
  readonly customerKey: string;
}

/** A customer of another division is as unknown as none. @throws Refusal CUSTOMER_NOT_FOUND */
export function requireCustomer(
  state: Customer,
  customerId: string,
  caller: Pick<Caller, 'role' | 'division'>,
): KnownCustomer {
  if (state.status !== 'known' || !isKnownAs(state, customerId) || !covers(caller, state.division))
    throw new Refusal('CUSTOMER_NOT_FOUND');
  return state;
}

/** Of a customer with more tickets, the newest ones show what has changed. */
export const MOST_TICKETS = 50;

/** Decides on each ticket that shows this customer. @returns the position of the last one; null: they have none */
export async function onTheirTickets(
  handler: Pick<CommandHandler, 'executeCommand'>,
  { ticketIds }: Pick<KnownCustomer, 'ticketIds'>,
  eventContext: EventContext,
  decide: (found: Ticket) => TicketEvent[],
): Promise<Position | null> {
  let last: Position | null = null;
  for (const id of ticketIds.slice(-MOST_TICKETS)) {
    const { position } = await handler.executeCommand(ticket, id, eventContext, decide);
    if (last === null || position > last) last = position;
  }
  return last;
}

/** The later of two. */
export const laterOf = (one: Position, other: Position | null): Position =>
  other !== null && other > one ? other : one;
