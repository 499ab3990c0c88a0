/** Where a ticket's messages go: the customer, and the line they wrote to. */
import { LRUCache } from 'lru-cache';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { decode } from '../../domain/codec.ts';
import { customer } from '../../domain/customers/customer.ts';
import { ticketStream } from '../../domain/tickets/ticket.ts';
import type { Channel as ChannelName } from '../../domain/vocabulary.ts';
import type { EventStore } from '../../ports.ts';

export interface Address {
  /** Same for all tickets of one customer in a division: their messages stay in order. */
  readonly customerKey: string;
  readonly channel: ChannelName;
  readonly division: string;
  /** The number the customer wrote to, where the channel has several. */
  readonly own: string | null;
  /** As the channel names the customer, without our prefix. */
  readonly userId: string;
}

/** What never changes for a ticket: whose it is, and on which line. */
interface Line extends Omit<Address, 'userId'> {
  readonly customerId: string;
}

const KEPT = 20_000;

/**
 * A customer can be erased, and the same person come back as somebody new on the same stream: the name of theirs that
 * counts is the one that stands there now, and a ticket of whom was erased has no address any more.
 * @param keptMs how long a customer's name may be remembered: 0, where nobody looks again before the message goes out
 * @returns the address of a ticket, null when its streams name none. The function throws StoreUnavailable.
 */
export function createAddresses(
  {
    store,
    handler,
  }: { readonly store: Pick<EventStore, 'read'>; readonly handler: Pick<CommandHandler, 'load'> },
  keptMs = 0,
): (ticketId: string) => Promise<Address | null> {
  const lines = new LRUCache<string, Line>({ max: KEPT });
  const names = new LRUCache<string, Address>({ max: KEPT, ttl: keptMs });

  async function lineOf(ticketId: string): Promise<Line | null> {
    const kept = lines.get(ticketId);
    if (kept) return kept;
    const [first] = await store.read(ticketStream(ticketId), { limit: 1 });
    const opened = first && decode(first);
    if (opened?.type !== 'TicketOpened') return null;
    const { customerKey, customerId, channel, division, waPhoneId } = opened.data;
    const line = { customerKey, customerId, channel, division, own: waPhoneId };
    lines.set(ticketId, line);
    return line;
  }

  return async (ticketId) => {
    const kept = names.get(ticketId);
    if (kept) return kept;
    const line = await lineOf(ticketId);
    if (line === null) return null;
    const { customerId, ...about } = line;
    const who = await handler.load(customer, line.customerKey);
    if (who.status === 'unknown' || who.id !== customerId) return null;
    const { channelUserId } = who;
    const address = { ...about, userId: channelUserId.slice(channelUserId.indexOf('_') + 1) };
    if (keptMs > 0) names.set(ticketId, address);
    return address;
  };
}
