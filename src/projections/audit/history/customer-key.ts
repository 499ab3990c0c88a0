/** The stream of a customer is named by a key, not by the id. This finds the key in the events of all customers. */
import type { EventStore } from '../../../ports.ts';
import { START } from '../../../ports.ts';
import { isGap, told } from './gap.ts';

/**
 * Reads the customers' streams from the beginning until it finds the id: seconds for a million customers.
 * @param id of the customer, or already the key
 * @returns the key; `id` itself when no customer has it
 * @throws StoreUnavailable
 */
export async function customerKeyFromEvents(
  store: Pick<EventStore, 'subscribe'>,
  id: string,
): Promise<string> {
  const done = new AbortController();
  const filter = { streamPrefixes: ['customer-'] };
  for await (const batch of store.subscribe({ after: START, filter, signal: done.signal })) {
    for (const stored of batch.events) {
      if (stored.type !== 'CustomerRegistered') continue;
      const event = told(stored);
      // One that cannot be read is of one customer: all others are found.
      if (!isGap(event) && event.type === 'CustomerRegistered' && event.data.customerId === id) {
        done.abort();
        return event.data.customerKey;
      }
    }
    if (batch.caughtUp) done.abort();
  }
  return id;
}
