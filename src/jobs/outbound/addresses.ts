/** Where a ticket's messages go: the customer, and the line of ours that they wrote to. */
import { LRUCache } from 'lru-cache';
import { boundedCache } from '../../engine/bounded-cache.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { decode } from '../../domain/codec.ts';
import { conversation } from '../../domain/conversation/conversation.ts';
import { isKnownAs } from '../../domain/customers/customer.ts';
import { currentCustomer } from '../../commands/customers/current-customer.ts';
import { ticketStream } from '../../domain/tickets/ticket.ts';
import type { Channel as ChannelName } from '../../domain/vocabulary.ts';
import type { EventStore } from '../../ports.ts';

export interface CustomerAddress {
  /** Same for all tickets of one customer in a division: their messages stay in order. */
  readonly customerKey: string;
  readonly channel: ChannelName;
  readonly division: string;
  /** The line that the customer wrote to last. Null: not known. */
  readonly own: string | null;
  /** The customer's id at the channel, without our prefix. */
  readonly userId: string;
  /** When they wrote in this talk last. Null: they have not. */
  readonly wroteAt: string | null;
}

/** What never changes for a ticket: its customer, and the number of their first message where it is one. */
interface TicketOrigin extends Omit<CustomerAddress, 'userId' | 'wroteAt'> {
  readonly customerId: string;
}

const MOST_REMEMBERED = 20_000;

/**
 * The line is that of the customer's last message (docs/design/channels.md#lines).
 *
 * A customer can be erased, and the same person can come back as a new customer on the same stream. So the stream's
 * customer of now counts, and a ticket of an erased customer has no address any more.
 * @param keptMs how long an address may be remembered: 0 where it is not looked up again before the message goes out
 * @returns the address of a ticket, null when its streams name none. The function throws StoreUnavailable.
 */
export function createAddresses(
  {
    store,
    handler,
  }: { readonly store: Pick<EventStore, 'read'>; readonly handler: Pick<CommandHandler, 'load'> },
  keptMs = 0,
): (ticketId: string) => Promise<CustomerAddress | null> {
  const origins = boundedCache<string, TicketOrigin>(MOST_REMEMBERED);
  const addresses = new LRUCache<string, CustomerAddress>({ max: MOST_REMEMBERED, ttl: keptMs });

  async function originOf(ticketId: string): Promise<TicketOrigin | null> {
    const kept = origins.get(ticketId);
    if (kept) return kept;
    const [first] = await store.read(ticketStream(ticketId), { limit: 1 });
    const opened = first && decode(first);
    if (opened?.type !== 'TicketOpened') return null;
    const { customerKey, customerId, channel, division, waPhoneId } = opened.data;
    const origin = { customerKey, customerId, channel, division, own: waPhoneId };
    origins.set(ticketId, origin);
    return origin;
  }

  return async (ticketId) => {
    const kept = addresses.get(ticketId);
    if (kept) return kept;
    const origin = await originOf(ticketId);
    if (origin === null) return null;
    const { customerId, ...about } = origin;
    const { customerKey, known } = await currentCustomer(handler, origin.customerKey);
    if (known.status === 'unknown' || !isKnownAs(known, customerId)) return null;
    const { channelUserId } = known;
    const { line, lastCustomerMessageAt: wroteAt } = await handler.load(conversation, ticketId);
    const address = {
      ...about,
      customerKey,
      own: line ?? about.own,
      wroteAt,
      userId: channelUserId.slice(channelUserId.indexOf('_') + 1),
    };
    if (keptMs > 0) addresses.set(ticketId, address);
    return address;
  };
}
