import { expect } from 'chai';
import {
  decideRegisterCustomer,
  input,
  type RegisterInput,
} from '../../../src/commands/customers/register-customer.ts';
import { customer, type Customer, type CustomerEvent } from '../../../src/domain/customers/customer.ts';
import { CUSTOMER_KEY, registered } from '../../support/scenarios/customer-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';
import { CUSTOMER } from '../../support/scenarios/ticket-events.ts';

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
});
