import { decideCustomerName } from '../../../src/commands/customers/name-customer.ts';
import { customer, type Customer, type CustomerEvent } from '../../../src/domain/customers/customer.ts';
import { registered } from '../../support/scenarios/customer-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';
import { CUSTOMER } from '../../support/scenarios/ticket-events.ts';

const given = specOf(customer);
const asked =
  (name: string, customerId = CUSTOMER) =>
  (state: Customer) =>
    decideCustomerName(state, customerId, name);
const { data } = registered() as Extract<CustomerEvent, { type: 'CustomerRegistered' }>;
const nameless: CustomerEvent = { type: 'CustomerRegistered', data: { ...data, name: null } };
const named = (name: string): CustomerEvent => ({
  type: 'CustomerContactChanged',
  data: { customerId: CUSTOMER, channelUserId: data.channelUserId, phone: data.phone, name },
});

describe('the name that a channel says when it is asked', () => {
  it('is the customer’s, once', () => given(nameless).when(asked('Rina')).thenOnce(named('Rina')));
  it('is no longer than a name may be', () =>
    given(nameless)
      .when(asked('x'.repeat(400)))
      .thenOnce(named('x'.repeat(300))));
  it('takes away no name that is known', () => given(registered()).when(asked('Rina')).then());
  it('is nobody else’s: not of who is not there, or was erased and is another customer now', () => {
    given().when(asked('Rina')).then();
    given(nameless)
      .when(asked('Rina', uuidOf(0x77)))
      .then();
  });
});
