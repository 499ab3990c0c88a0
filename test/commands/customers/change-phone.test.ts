import { decideChangePhone } from '../../../src/commands/customers/change-phone.ts';
import { customer, type Customer } from '../../../src/domain/customers/customer.ts';
import { registered } from '../../support/scenarios/customer-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, sena } from '../../support/scenarios/people.ts';
import { CUSTOMER } from '../../support/scenarios/ticket-events.ts';

const given = specOf(customer);
const AT = '2026-11-01T02:00:00.000Z';

describe('the number of a customer', () => {
  it('is corrected: a WhatsApp customer is reached there', () => {
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
});
