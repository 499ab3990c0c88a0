import { expect } from 'chai';
import { decideEraseCustomer, type CustomerToErase } from '../../../src/commands/erasure/erase-customer.ts';
import { decideResumeTicket } from '../../../src/commands/tickets/reopen.ts';
import { customer, type Customer, type CustomerEvent } from '../../../src/domain/customers/customer.ts';
import type { ExistingTicket } from '../../../src/domain/tickets/ticket.ts';
import { CUSTOMER_KEY, optedOut, registered, started } from '../../support/scenarios/customer-events.ts';
import { fold, specOf } from '../../support/scenarios/given.ts';
import { ani, rina, sena, uuidOf } from '../../support/scenarios/people.ts';
import { CUSTOMER, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(customer);
const SOMEBODY_NEW = uuidOf(0xc9);
const request = { customerId: CUSTOMER, customerKey: CUSTOMER_KEY, reason: null };
const erase =
  (open = false, over: Partial<CustomerToErase> = {}, by = rina) =>
  (state: Customer) =>
    decideEraseCustomer(
      state,
      { ...request, ...over },
      open,
      (division, userId) => `hash of ${division} ${userId}`,
      by,
    );
const erased = (over: object = {}): CustomerEvent => ({
  type: 'CustomerErased',
  data: {
    customerId: CUSTOMER,
    customerKey: CUSTOMER_KEY,
    division: 'sari',
    ticketIds: [TICKET],
    orderingKey: 'hash of sari wa_6281234567890',
    reason: null,
    ...over,
  },
});

describe('erasing a customer', () => {
  it('names every ticket they had, and the key of the webhook inbox, and no name, once', () =>
    given(registered(), started()).when(erase()).thenOnce(erased()));
  it('keeps the reason', () =>
    given(registered(), started())
      .when(erase(false, { reason: 'kasus 7' }))
      .then(erased({ reason: 'kasus 7' })));
  it('is refused with an open ticket', () =>
    given(registered(), started()).when(erase(true)).thenRefused('CUSTOMER_HAS_OPEN_TICKET'));
  it('is refused for a customer who is not known', () =>
    given().when(erase()).thenRefused('CUSTOMER_NOT_FOUND'));
  it('of another division is refused as if they were not there, also once they are erased', () => {
    given(registered(), started())
      .when(erase(true, {}, sena))
      .thenRefused('CUSTOMER_NOT_FOUND');
    given(registered(), started(), erased())
      .when(erase(false, {}, sena))
      .thenRefused('CUSTOMER_NOT_FOUND');
    given(registered(), started())
      .when(erase(false, {}, ani))
      .then(erased());
  });
  it('a second time, after a backup brought them back, waits for no ticket and keeps the key of the inbox', () =>
    given(registered(), started())
      .when(erase(true, { again: true, orderingKey: 'as it was' }))
      .thenOnce(erased({ orderingKey: 'as it was' })));
  it('happens once, also when the same person has come back as a new customer', () =>
    given(registered(), started(), erased(), registered(SOMEBODY_NEW)).when(erase(true)).then());
  it('keeps that they want no blasts, and nothing else', () => {
    const back = fold(customer, [registered(), started(), optedOut(), erased(), registered(SOMEBODY_NEW)]);
    expect(back).to.deep.equal({ ...fold(customer, [registered(SOMEBODY_NEW)]), optedOut: true });
    expect(fold(customer, [registered(), registered(SOMEBODY_NEW)])).to.include({ optedOut: false });
    expect(fold(customer, [registered(), erased(), registered(SOMEBODY_NEW)])).to.include({
      optedOut: false,
    });
  });
  it('leaves no ticket of theirs that could become the current one of the customer they come back as', () => {
    const of = (ticketId: string) => ({ id: ticketId }) as ExistingTicket;
    const before = fold(customer, [registered(), started(), started(uuidOf(0xad), TICKET)]);
    expect(decideResumeTicket(before, of(TICKET), false)).to.have.length(1);
    const back = fold(customer, [registered(), started(), erased(), registered(SOMEBODY_NEW)]);
    expect(decideResumeTicket(back, of(TICKET), false)).to.deep.equal([]);
    expect(decideResumeTicket(back, of(TICKET), true)).to.deep.equal([]);
  });
});
