/** Where a ticket's messages go: the customer and the line they wrote to. Neither ever changes for a ticket. */
import { LRUCache } from 'lru-cache';
import { decode } from '../../domain/codec.ts';
import { customerStream } from '../../domain/customer.ts';
import { ticketStream } from '../../domain/ticket.ts';
import type { Channel as ChannelName } from '../../domain/words.ts';
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

const KEPT = 20_000;

/** @returns the address of a ticket, null when its streams name none. The function throws StoreUnavailable. */
export function createAddresses(
  store: Pick<EventStore, 'read'>,
): (ticketId: string) => Promise<Address | null> {
  const known = new LRUCache<string, Address>({ max: KEPT });
  const first = async (stream: string) => {
    const [event] = await store.read(stream, { limit: 1 });
    return event && decode(event);
  };
  return async (ticketId) => {
    const kept = known.get(ticketId);
    if (kept) return kept;
    const opened = await first(ticketStream(ticketId));
    if (opened?.type !== 'TicketOpened') return null;
    const { customerKey, channel, division, waPhoneId } = opened.data;
    const registered = await first(customerStream(customerKey));
    if (registered?.type !== 'CustomerRegistered') return null;
    const { channelUserId } = registered.data;
    const userId = channelUserId.slice(channelUserId.indexOf('_') + 1);
    const address = { customerKey, channel, division, own: waPhoneId, userId };
    known.set(ticketId, address);
    return address;
  };
}
