import {
  contactAfter,
  decideContactChange,
  decideTicketContact,
} from '../../../src/commands/inbound/follow-contact.ts';
import { expect } from 'chai';
import { customer, type CustomerEvent } from '../../../src/domain/customers/customer.ts';
import { ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { registered } from '../../support/scenarios/customer-events.ts';
import { fold, specOf } from '../../support/scenarios/given.ts';
import { message } from '../../support/scenarios/inbound.ts';
import { CUSTOMER, opened, TICKET } from '../../support/scenarios/ticket-events.ts';

const changed = (
  channelUserId: string,
  phone: string | null,
  name: string | null,
  saidAt = message('m').sentAt,
): CustomerEvent => ({
  type: 'CustomerContactChanged',
  data: { customerId: CUSTOMER, channelUserId, phone, name, saidAt },
});
const usual = { userId: 'wa_6281234567890', phone: '+6281234567890', userName: 'Budi' };

describe('the contact of a customer', () => {
  const given = specOf(customer);
  const after = (over: Parameters<typeof message>[1]) => (state: Parameters<typeof decideContactChange>[0]) =>
    decideContactChange(state, message('m', { ...usual, ...over }));

  it('stays as it is while nothing is new', () => given(registered()).when(after({})).then());
  it('is nobody’s before they are known', () =>
    given()
      .when(after({ userName: 'Rina' }))
      .then());

  it('has the name that came last, and keeps it when a message has none', () => {
    given(registered())
      .when(after({ userName: 'Budi Santoso' }))
      .thenOnce(changed('wa_6281234567890', '+6281234567890', 'Budi Santoso'));
    given(registered())
      .when(after({ userName: null }))
      .then();
  });

  it('has the number that the channel says they have now, before they write from it', () =>
    given(registered())
      .when(after({ changedTo: { userId: 'wa_6289', phone: '+6289' }, contentKind: 'system' }))
      .thenOnce(changed('wa_6289', '+6289', 'Budi')));

  it('keeps its number when a message comes under a business-scoped id only, and gets one that comes later', () => {
    given(registered())
      .when(after({ userId: 'wa_ID.7', phone: null }))
      .then();
    const nameless = changed('wa_ID.7', null, 'Budi');
    given(registered(), nameless)
      .when(after({}))
      .thenOnce(changed('wa_6281234567890', '+6281234567890', 'Budi'));
    given(registered(), nameless)
      .when(after({ userId: 'wa_ID.8', phone: null }))
      .thenOnce(changed('wa_ID.8', null, 'Budi'));
  });

  it('is the one that was said last: a message that comes late adds what is missing, and changes nothing', () => {
    const at = (hour: number) => `2026-07-03T${String(hour)}:00:00.000Z`;
    const now = changed('wa_6289', '+6289', 'Rina', at(12));
    given(registered(), now)
      .when(after({ sentAt: at(11) }))
      .then();
    given(registered(), now)
      .when(after({ sentAt: at(13) }))
      .thenOnce(changed('wa_6281234567890', '+6281234567890', 'Budi', at(13)));
    given(registered(), changed('wa_ID.7', null, null, at(12)))
      .when(after({ sentAt: at(11) }))
      .thenOnce(changed('wa_6281234567890', '+6281234567890', 'Budi', at(12)));
    given(registered(), changed('wa_ID.7', null, 'Rina', at(12)))
      .when(after({ userId: 'wa_ID.6', phone: null, sentAt: at(11) }))
      .then();
  });

  it('is compared without a look at the store', () => {
    const known = fold(customer, [registered()]);
    expect(known.status === 'known' && contactAfter(known, message('m', usual))).to.equal(undefined);
  });
});

describe('the contact on a ticket', () => {
  const given = specOf(ticket);
  const contact: TicketEvent = {
    type: 'TicketContactChanged',
    data: { ticketId: TICKET, division: 'sari', customerName: 'Rina', customerPhone: '+62811' },
  };

  it('is what the customer is called now', () =>
    given(opened())
      .when((state) => decideTicketContact(state, 'Rina', '+62811'))
      .then(contact));
  it('is on no ticket that is not there', () =>
    given()
      .when((state) => decideTicketContact(state, 'Rina', null))
      .then());
});
