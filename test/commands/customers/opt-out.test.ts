import { expect } from 'chai';
import {
  decideOptIn,
  decideOptOut,
  decideTicketOffers,
  reportsOptOut,
} from '../../../src/commands/customers/opt-out.ts';
import { requireCustomer } from '../../../src/commands/customers/current-customer.ts';
import { customer, type CustomerEvent } from '../../../src/domain/customers/customer.ts';
import { wishOf } from '../../../src/domain/customers/offers.ts';
import { ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { CUSTOMER_KEY, optedOut, registered } from '../../support/scenarios/customer-events.ts';
import { fold, refusalIn, specOf } from '../../support/scenarios/given.ts';
import { ani, rina, sena, tono } from '../../support/scenarios/people.ts';
import { closed, CUSTOMER, opened, takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(customer);
const agent = { by: 'agent', reason: 'minta lewat telepon' } as const;
const optedIn = (by: 'keyword' | 'agent', reason?: string): CustomerEvent => ({
  type: 'CustomerOptedIn',
  data: { customerId: CUSTOMER, by, ...(reason !== undefined && { reason }) },
});

describe('opting out of offers', () => {
  it('is remembered once, with where it came from', () => {
    given(registered())
      .when((state) => decideOptOut(state, { by: 'keyword' }))
      .thenOnce(optedOut('keyword'));
    given(registered())
      .when((state) => decideOptOut(state, { by: 'channel' }))
      .thenOnce(optedOut('channel'));
    given(registered())
      .when((state) => decideOptOut(state, agent))
      .thenOnce({ type: 'CustomerOptedOut', data: { customerId: CUSTOMER, ...agent } });
    given(registered(), optedOut('keyword'))
      .when((state) => decideOptOut(state, { by: 'channel' }))
      .then();
  });
  it('of a customer who is not known makes no event, unless the channel says who they are', () => {
    const known = registered();
    if (known.type !== 'CustomerRegistered') throw new Error('no registration');
    given()
      .when((state) => decideOptOut(state, { by: 'keyword' }))
      .then();
    given()
      .when((state) => decideOptOut(state, { by: 'channel' }, known.data))
      .thenOnce(known, optedOut('channel'));
  });
  it('outlives an erasure, so that who was erased is not registered for it again', () => {
    const known = registered();
    if (known.type !== 'CustomerRegistered') throw new Error('no registration');
    const erased: CustomerEvent = {
      type: 'CustomerErased',
      data: {
        customerId: CUSTOMER,
        customerKey: CUSTOMER_KEY,
        division: 'sari',
        ticketIds: [],
        orderingKey: 'o',
        reason: null,
      },
    };
    given(known, optedOut(), erased)
      .when((state) => decideOptOut(state, { by: 'channel' }, known.data))
      .then();
  });
});

describe('wanting offers again', () => {
  it('ends it, once, by the customer or by an agent with a reason', () => {
    given(registered(), optedOut())
      .when((state) => decideOptIn(state, { by: 'keyword' }))
      .thenOnce(optedIn('keyword'));
    given(registered(), optedOut())
      .when((state) => decideOptIn(state, agent))
      .thenOnce(optedIn('agent', agent.reason));
  });
  it('of who never opted out, or is not known, makes no event', () => {
    for (const history of [[registered()], []])
      given(...history)
        .when((state) => decideOptIn(state, { by: 'keyword' }))
        .then();
  });
});

describe('a ticket whose customer opts out', () => {
  const changed = (isOut: boolean): TicketEvent => ({
    type: 'TicketOffersChanged',
    data: { ticketId: TICKET, division: 'sari', optedOut: isOut },
  });
  const on = specOf(ticket);

  it('shows it, an old one too, and shows when they want offers again', () => {
    on(opened())
      .when((state) => decideTicketOffers(state, true))
      .thenOnce(changed(true));
    on(opened(), takenOver(ani), closed())
      .when((state) => decideTicketOffers(state, true))
      .thenOnce(changed(true));
    on(opened(), changed(true))
      .when((state) => decideTicketOffers(state, false))
      .thenOnce(changed(false));
  });
  it('that is not there shows nothing, and the same again is no change', () => {
    on()
      .when((state) => decideTicketOffers(state, true))
      .then();
    on(opened())
      .when((state) => decideTicketOffers(state, false))
      .then();
  });
  it('opens with it when they opted out before', () => {
    const before = opened();
    if (before.type !== 'TicketOpened') throw new Error('not opened');
    const state = fold(ticket, [{ ...before, data: { ...before.data, optedOut: true } }]);
    expect(state).to.include({ status: 'free', optedOut: true });
  });
});

describe('who may say it for a customer', () => {
  const state = fold(customer, [registered()]);
  const code = (caller: typeof ani, id = CUSTOMER, of = state) =>
    refusalIn(() => requireCustomer(of, id, caller)).code;

  it('is who sees their division; to all others they are unknown', () => {
    for (const caller of [ani, tono, rina]) expect(requireCustomer(state, CUSTOMER, caller)).to.equal(state);
    expect(code(sena)).to.equal('CUSTOMER_NOT_FOUND');
    expect(code(rina, TICKET)).to.equal('CUSTOMER_NOT_FOUND');
    expect(code(rina, CUSTOMER, customer.initial)).to.equal('CUSTOMER_NOT_FOUND');
  });
});

describe('a delivery report', () => {
  it('says that they opted out by its code, when the message failed', () => {
    expect(reportsOptOut({ status: 'failed', error: '131050 Stopped' })).to.equal(true);
    expect(reportsOptOut({ status: 'failed', error: '131050' })).to.equal(true);
    expect(reportsOptOut({ status: 'failed', error: '131026 not 131050' })).to.equal(false);
    expect(reportsOptOut({ status: 'failed', error: null })).to.equal(false);
    expect(reportsOptOut({ status: 'delivered', error: '131050 Stopped' })).to.equal(false);
  });
});

describe('a message about our offers', () => {
  it('that ends them is the word alone, in any case, whatever is around it', () => {
    const texts = [
      'stop',
      'STOP',
      ' Berhenti! ',
      '"stop"',
      '*STOP*',
      '_berhenti_.',
      'Unsubscribe',
      'STOP 🙏',
    ];
    const more = [
      'Berhenti berlangganan',
      'stop promo',
      'Stop promotions',
      'stop\u200b',
      '\u00a0ＳＴＯＰ',
      'S\u00adTOP',
    ];
    for (const text of [...texts, ...more]) expect(wishOf(text), text).to.equal('stop');
    const others = ['jangan berhenti', 'stop dulu', 'nonstop', '', 'stopp', 'berhenti ya', 'stop?'];
    for (const text of others) expect(wishOf(text), text).to.equal(null);
  });
  it('that asks for them again is one, too; the command that starts a bot is none', () => {
    for (const text of ['MULAI', 'start', 'Mulai lagi 🙂', 'Ｓtart'])
      expect(wishOf(text), text).to.equal('start');
    for (const text of ['/start', 'mulai kapan?', 'kapan mulai']) expect(wishOf(text), text).to.equal(null);
  });
  it('is a short one', () => {
    expect(wishOf(`stop${' '.repeat(36)}`)).to.equal('stop');
    expect(wishOf(`stop${' '.repeat(37)}`)).to.equal(null);
  });
});
