import {
  decideArchiveCustomer,
  decideUnarchiveCustomer,
  type OpenWork,
} from '../../../src/commands/customers/archive-customer.ts';
import { decideStartTicket } from '../../../src/commands/inbound/open-ticket.ts';
import { customer, type Customer, type CustomerEvent } from '../../../src/domain/customers/customer.ts';
import { CUSTOMER_KEY, registered, started } from '../../support/scenarios/customer-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { message } from '../../support/scenarios/inbound.ts';
import { ani, sena, uuidOf } from '../../support/scenarios/people.ts';
import { CUSTOMER, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(customer);

describe('a customer off the list', () => {
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
