/** Short names for a customer's events in specs. */
import type { CustomerEvent } from '../../../src/domain/customers/customer.ts';
import { CUSTOMER, TICKET } from './ticket-events.ts';

export const CUSTOMER_KEY = 'sari_abc';

export const registered = (customerId = CUSTOMER, saidAt?: string): CustomerEvent => ({
  type: 'CustomerRegistered',
  data: {
    customerId,
    customerKey: CUSTOMER_KEY,
    division: 'sari',
    channel: 'whatsapp',
    channelUserId: 'wa_6281234567890',
    phone: '+6281234567890',
    name: 'Budi',
    ...(saidAt !== undefined && { saidAt }),
  },
});
export const started = (
  ticketId = TICKET,
  previousTicketId: string | null = null,
  customerId = CUSTOMER,
): CustomerEvent => ({ type: 'CustomerTicketStarted', data: { customerId, ticketId, previousTicketId } });
export const ticketResumed = (ticketId = TICKET, closes?: number): CustomerEvent => ({
  type: 'CustomerTicketResumed',
  data: { customerId: CUSTOMER, ticketId, ...(closes === undefined ? {} : { closes }) },
});
export const optedOut = (by: 'keyword' | 'channel' = 'keyword'): CustomerEvent => ({
  type: 'CustomerOptedOut',
  data: { customerId: CUSTOMER, by },
});
