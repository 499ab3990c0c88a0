import { expect } from 'chai';
import { decideEditCustomer, input } from '../../../src/commands/customers/edit-customer.ts';
import { customer, type Customer, type CustomerEvent } from '../../../src/domain/customers/customer.ts';
import { registered } from '../../support/scenarios/customer-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, sena } from '../../support/scenarios/people.ts';
import { CUSTOMER, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(customer);
const edited = (data: object): CustomerEvent => ({
  type: 'CustomerEdited',
  data: { customerId: CUSTOMER, ...data },
});

describe('writing down who a customer is', () => {
  const edit =
    (patch: object, caller = ani, id = CUSTOMER) =>
    (state: Customer) =>
      decideEditCustomer(state, id, input.parse(patch), caller);

  it('records what is new, once', () => {
    given(registered())
      .when(edit({ email: ' budi@contoh.test', notes: null, address: 'Batam' }))
      .thenOnce(edited({ email: 'budi@contoh.test', address: 'Batam' }));
    given(registered()).when(edit({})).then();
    given(registered(), edited({ notes: 'x' }))
      .when(edit({ notes: null }))
      .thenOnce(edited({ notes: null }));
  });
  it('makes a name the person’s own, also the one that the channel said', () => {
    given(registered())
      .when(edit({ name: 'Budi' }))
      .thenOnce(edited({ name: 'Budi' }));
    given(registered())
      .when(edit({ name: '  Pak Budi ' }))
      .thenOnce(edited({ name: 'Pak Budi' }));
  });
  it('is refused for a customer of another division, and for somebody who is not there', () => {
    given(registered())
      .when(edit({ notes: 'x' }, sena))
      .thenRefused('CUSTOMER_NOT_FOUND');
    given(registered())
      .when(edit({ notes: 'x' }, ani, TICKET))
      .thenRefused('CUSTOMER_NOT_FOUND');
    given()
      .when(edit({ notes: 'x' }))
      .thenRefused('CUSTOMER_NOT_FOUND');
  });
  it('takes no name that shows nothing, and no address that is none', () => {
    for (const wrong of [{ name: '\u200b' }, { name: null }, { email: 'budi' }, { phone: '1' }])
      expect(input.safeParse(wrong).success, JSON.stringify(wrong)).to.equal(false);
  });
});
