import { expect } from 'chai';
import {
  decideRegisterCustomer,
  input,
  type RegisterInput,
} from '../../../src/commands/customers/register-customer.ts';
import {
  decideArchiveCustomer,
  decideUnarchiveCustomer,
  type OpenWork,
} from '../../../src/commands/customers/archive-customer.ts';
import { decideChangePhone } from '../../../src/commands/customers/change-phone.ts';
import { decideStartTicket } from '../../../src/commands/inbound/open-ticket.ts';
import { customer, type Customer, type CustomerEvent } from '../../../src/domain/customers/customer.ts';
import { CUSTOMER_KEY, registered, started } from '../../support/scenarios/customer-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { message } from '../../support/scenarios/inbound.ts';
import { ani, sena, uuidOf } from '../../support/scenarios/people.ts';
import { CUSTOMER, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(customer);
const AT = '2026-11-01T02:00:00.000Z';
const made = { customerId: CUSTOMER, customerKey: CUSTOMER_KEY, at: AT };
const wanted: RegisterInput = input.parse({
  division: 'sari',
  name: ' Budi ',
  phone: '0812-3456-7890',
  address: 'Batam',
  notes: null,
});

describe('a customer by hand', () => {
  const register = (state: Customer) => decideRegisterCustomer(state, wanted, made);
  const byHand: CustomerEvent[] = [
    {
      type: 'CustomerRegistered',
      data: {
        ...{ customerId: CUSTOMER, customerKey: CUSTOMER_KEY, division: 'sari', channel: 'whatsapp' },
        ...{ channelUserId: 'wa_6281234567890', phone: '+6281234567890', name: 'Budi', saidAt: AT },
      },
    },
    { type: 'CustomerEdited', data: { customerId: CUSTOMER, name: 'Budi', address: 'Batam' } },
  ];

  it('is registered as WhatsApp would name them, with a name that no channel changes', () => {
    given()
      .when(register)
      .then(...byHand);
    expect(given(...byHand).state).to.include({ name: 'Budi', nameIsOurs: true, address: 'Batam' });
  });
  it('is registered once: who has the number is named', () => {
    const exists = { path: 'phone', message: 'CUSTOMER_EXISTS', params: { customer_id: CUSTOMER } };
    given(registered()).when(register).thenRefused('CUSTOMER_EXISTS', exists);
    const into = uuidOf(77);
    given(registered(), {
      type: 'CustomerMerged',
      data: { customerId: CUSTOMER, into, intoKey: 'sari_x', because: 'agent', joinTickets: true },
    })
      .when(register)
      .thenRefused('CUSTOMER_EXISTS', { ...exists, params: { customer_id: into } });
  });
  it('has a number that is one, and a name', () => {
    for (const wrong of [
      { phone: 'abc' },
      { phone: '123' },
      { name: '\u200b' },
      { name: undefined },
      { division: 'x' },
    ])
      expect(input.safeParse({ ...wanted, ...wrong }).success, JSON.stringify(wrong)).to.equal(false);
  });

  it('gets another number: a WhatsApp customer is reached there', () => {
    const change =
      (digits: string, caller = ani) =>
      (state: Customer) =>
        decideChangePhone(state, CUSTOMER, digits, caller, AT);
    given(registered())
      .when(change('628111'))
      .thenOnce({
        type: 'CustomerContactChanged',
        data: {
          customerId: CUSTOMER,
          channelUserId: 'wa_628111',
          phone: '+628111',
          name: 'Budi',
          saidAt: AT,
        },
      });
    given(registered()).when(change('6281234567890')).then();
    given(registered()).when(change('628111', sena)).thenRefused('CUSTOMER_NOT_FOUND');
  });

  const archived: CustomerEvent = { type: 'CustomerArchived', data: { customerId: CUSTOMER } };
  const back: CustomerEvent = { type: 'CustomerUnarchived', data: { customerId: CUSTOMER } };
  const idle: OpenWork = { openTicketId: null, hasOpenJob: false };
  const archive =
    (work = idle, caller = ani) =>
    (state: Customer) =>
      decideArchiveCustomer(state, CUSTOMER, work, caller);

  it('is archived and brought back', () => {
    given(registered(), started()).when(archive()).thenOnce(archived);
    given(registered(), archived)
      .when((state) => decideUnarchiveCustomer(state, CUSTOMER, ani))
      .thenOnce(back);
    given(registered())
      .when((state) => decideUnarchiveCustomer(state, CUSTOMER, sena))
      .thenRefused('CUSTOMER_NOT_FOUND');
  });
  it('is not archived while a ticket or a job is open', () => {
    given(registered())
      .when(archive({ ...idle, openTicketId: TICKET }))
      .thenRefused('CUSTOMER_HAS_OPEN_WORK');
    given(registered())
      .when(archive({ ...idle, hasOpenJob: true }))
      .thenRefused('CUSTOMER_HAS_OPEN_WORK');
    given(registered()).when(archive(idle, sena)).thenRefused('CUSTOMER_NOT_FOUND');
  });
  it('is back when they write again', () => {
    const newIds = { customerKey: CUSTOMER_KEY, customerId: uuidOf(8), ticketId: uuidOf(9) };
    given(registered(), started(), archived)
      .when((state) => decideStartTicket(state, message('m1'), newIds, TICKET))
      .then(back, started(uuidOf(9), TICKET));
  });
});
