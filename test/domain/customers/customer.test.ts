import { expect } from 'chai';
import { customer, type CustomerEvent, identity } from '../../../src/domain/customers/customer.ts';
import {
  CUSTOMER_KEY,
  optedOut,
  registered,
  started,
  ticketResumed,
} from '../../support/scenarios/customer-events.ts';
import { fold } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';
import { CUSTOMER, TICKET } from '../../support/scenarios/ticket-events.ts';

const NEXT = uuidOf(0xab);
const known = {
  status: 'known',
  id: CUSTOMER,
  key: CUSTOMER_KEY,
  division: 'sari',
  channel: 'whatsapp',
  channelUserId: 'wa_6281234567890',
  phone: '+6281234567890',
  name: 'Budi',
  nameIsOurs: false,
  email: null,
  address: null,
  notes: null,
  contactSaidAt: null,
  currentTicketId: null,
  resumed: null,
  previousTicketId: null,
  ticketIds: [],
  optedOut: false,
  absorbed: [],
  archived: false,
  letsModelRead: false,
  registration: { open: null, last: null },
} as const;

describe('a customer as their events leave them', () => {
  it('lives on a stream whose name holds no phone number', () => {
    expect(customer.stream('sari_abc')).to.equal('customer-sari_abc');
    expect(customer.category).to.equal('customer');
    expect(identity.stream('sari_xyz')).to.equal('identity-sari_xyz');
    expect(identity.category).to.equal('identity');
  });
  it('is known once registered, and has no ticket yet', () =>
    expect(fold(customer, [registered()])).to.deep.equal(known));
  it('has the ticket that was started last as the current one, and all of them in order', () =>
    expect(fold(customer, [registered(), started(TICKET), started(NEXT, TICKET)])).to.deep.equal({
      ...known,
      currentTicketId: NEXT,
      previousTicketId: TICKET,
      ticketIds: [TICKET, NEXT],
    }));
  it('has a resumed ticket as the current one again, until the next is started', () => {
    const resumed = fold(customer, [
      registered(),
      started(TICKET),
      started(NEXT, TICKET),
      ticketResumed(TICKET, 2),
    ]);
    expect(resumed).to.include({ currentTicketId: TICKET, resumed: 2 });
    expect(customer.evolve(resumed, started(uuidOf(0xac), TICKET))).to.include({ resumed: null });
    expect(fold(customer, [registered(), started(TICKET), ticketResumed(TICKET)])).to.include({
      resumed: null,
    });
  });
  it('stays opted out', () =>
    expect(fold(customer, [registered(), optedOut()])).to.deep.equal({ ...known, optedOut: true }));
  it('is unknown after an erasure, with what was decided and whether they want blasts', () => {
    const facts = {
      customerId: CUSTOMER,
      customerKey: CUSTOMER_KEY,
      division: 'sari',
      ticketIds: [TICKET],
      orderingKey: 'k',
      reason: null,
    } as const;
    const erased = { type: 'CustomerErased', data: facts } as const;
    expect(fold(customer, [registered(), erased])).to.deep.equal({
      status: 'unknown',
      erased: { id: CUSTOMER, facts, optedOut: false },
    });
    expect(fold(customer, [registered(), optedOut(), erased])).to.deep.include({
      erased: { id: CUSTOMER, facts, optedOut: true },
    });
  });
  it('says nothing more once they were merged into another, until they are erased', () => {
    const merged = {
      type: 'CustomerMerged',
      data: { customerId: CUSTOMER, into: NEXT, intoKey: 'sari_next', because: 'channel', joinTickets: true },
    } as const;
    const state = fold(customer, [registered(), started(TICKET), merged]);
    expect(state).to.deep.equal({
      status: 'merged',
      id: CUSTOMER,
      division: 'sari',
      into: { customerId: NEXT, customerKey: 'sari_next' },
      joinTickets: true,
      was: { ...known, currentTicketId: TICKET, ticketIds: [TICKET] },
    });
    for (const late of [started(NEXT, TICKET), optedOut(), ticketResumed(TICKET)])
      expect(customer.evolve(state, late)).to.equal(state);
    const facts = { customerId: CUSTOMER, customerKey: CUSTOMER_KEY, division: 'sari' } as const;
    const erased = {
      type: 'CustomerErased',
      data: { ...facts, ticketIds: [TICKET], orderingKey: 'k', reason: null },
    } satisfies CustomerEvent;
    expect(customer.evolve(state, erased)).to.deep.equal({
      status: 'unknown',
      erased: { id: CUSTOMER, facts: erased.data, optedOut: false },
    });
  });
  it('keeps the name that a person typed, and what else they wrote down', () => {
    const edited = (data: object) =>
      ({ type: 'CustomerEdited', data: { customerId: CUSTOMER, ...data } }) as const;
    const state = fold(customer, [registered(), edited({ email: 'a@b.test', notes: 'x' })]);
    expect(state).to.include({
      name: 'Budi',
      nameIsOurs: false,
      email: 'a@b.test',
      notes: 'x',
      address: null,
    });
    const named = fold(customer, [registered(), edited({ name: 'Pak Budi' }), edited({ notes: null })]);
    expect(named).to.include({ name: 'Pak Budi', nameIsOurs: true, notes: null });
  });
  it('who was never registered ignores every other event', () =>
    expect(fold(customer, [started(), optedOut()])).to.deep.equal({ status: 'unknown', erased: null }));
});

describe('a second name of a customer', () => {
  it('points to their stream', () => {
    expect(identity.initial).to.deep.equal({ customerKey: null });
    expect(fold(identity, [{ type: 'IdentityLinked', data: { customerKey: 'sari_abc' } }])).to.deep.equal({
      customerKey: 'sari_abc',
    });
  });
});
