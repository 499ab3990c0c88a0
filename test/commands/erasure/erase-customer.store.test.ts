import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { decideEraseCustomer, eraseCustomer } from '../../../src/commands/erasure/erase-customer.ts';
import { decideResumeTicket } from '../../../src/commands/tickets/reopen.ts';
import { customer, type CustomerEvent } from '../../../src/domain/customers/customer.ts';
import type { ExistingTicket } from '../../../src/domain/tickets/ticket.ts';
import { Refusal } from '../../../src/domain/refusals.ts';
import { PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import { commandsOn, contextOf, eventsOf, message } from '../../support/scenarios/commands.ts';
import { refusalOf } from '../../support/rejection.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

const ID = randomUUID();
const TICKET = randomUUID();
const registered = (customerId = ID): CustomerEvent => ({
  type: 'CustomerRegistered',
  data: {
    customerId,
    customerKey: 'sari_k',
    division: 'sari',
    channel: 'whatsapp',
    channelUserId: 'wa_6281234567890',
    phone: '+6281234567890',
    name: 'Budi',
  },
});
const started: CustomerEvent = {
  type: 'CustomerTicketStarted',
  data: { customerId: ID, ticketId: TICKET, previousTicketId: null },
};
const optedOut: CustomerEvent = { type: 'CustomerOptedOut', data: { customerId: ID, by: 'keyword' } };
const folded = (...events: CustomerEvent[]) =>
  events.reduce((state, one) => customer.evolve(state, one), customer.initial);
const whom = { customerId: ID, customerKey: 'sari_k', reason: null };
const decide = (state: ReturnType<typeof folded>, open = false) =>
  decideEraseCustomer(state, whom, open, (division, userId) => `hash of ${division} ${userId}`);

describe('erasing a customer', () => {
  it('names every ticket they had, and the key of the webhook inbox, and no name', () => {
    const [erased, ...more] = decide(folded(registered(), started));
    expect(more).to.deep.equal([]);
    expect(erased).to.deep.equal({
      type: 'CustomerErased',
      data: {
        customerId: ID,
        customerKey: 'sari_k',
        division: 'sari',
        ticketIds: [TICKET],
        orderingKey: 'hash of sari wa_6281234567890',
        reason: null,
      },
    });
  });

  it('is refused with an open ticket, and for somebody whom nobody knows', () => {
    expect(() => decide(folded(registered(), started), true)).to.throw(Refusal, 'CUSTOMER_HAS_OPEN_TICKET');
    expect(() => decide(folded())).to.throw(Refusal, 'CUSTOMER_NOT_FOUND');
  });

  it('happens once, also when the same person has come back as somebody new', () => {
    const gone = folded(registered(), started, ...decide(folded(registered(), started)));
    expect(gone).to.include({ status: 'unknown' });
    expect(decide(gone)).to.deep.equal([]);
    expect(decide(customer.evolve(gone, registered(randomUUID())), true)).to.deep.equal([]);
  });

  it('keeps that they want no blasts, and nothing else', () => {
    const gone = folded(registered(), started, optedOut, ...decide(folded(registered(), started)));
    const back = customer.evolve(gone, registered(randomUUID()));
    expect(back).to.include({ status: 'known', optedOut: true, currentTicketId: null });
    expect(customer.evolve(folded(registered()), registered(randomUUID()))).to.include({ optedOut: false });
  });

  it('leaves no ticket of theirs that could become the current one of whom they come back as', () => {
    const of = (ticketId: string) => ({ id: ticketId }) as ExistingTicket;
    const before = folded(registered(), started, { ...started, data: { ...started.data, ticketId: 'new' } });
    expect(decideResumeTicket(before, of(TICKET), false)).to.have.length(1);
    const back = folded(
      registered(),
      started,
      ...decide(folded(registered(), started)),
      registered(randomUUID()),
    );
    expect(decideResumeTicket(back, of(TICKET), false)).to.deep.equal([]);
    expect(decideResumeTicket(back, of(TICKET), true)).to.deep.equal([]);
  });

  describe('on a real store', () => {
    let its: TestStore;
    before(async () => {
      its = await testStore();
    });
    after(() => its.close());

    it('decides against the customer’s next message: either it is refused, or the message is of somebody new', async () => {
      const destroyed: string[] = [];
      const { commands, receive, time } = commandsOn(its.store);
      const erase = eraseCustomer({
        handler: commands.handler,
        clock: { now: () => time.now },
        blindIndex: (_purpose, value) => value,
        keys: {
          destroy: (ids) => {
            destroyed.push(...ids);
            return Promise.resolve(ids);
          },
        },
      });
      const ctx = contextOf({
        id: randomUUID(),
        role: 'super_admin',
        division: 'all',
        privileges: new Set(PRIVILEGES),
      });
      const got = (id: string) => ({ key: `wa:${id}`, receivedAt: '2026-07-03T03:30:00.000Z' });
      await receive(message('a'), got('a'));
      const [{ stream } = { stream: '' }] = await eventsOf(its.store, 'customer-');
      const key = stream.slice('customer-'.length);
      const known = await commands.handler.load(customer, key);
      if (known.status === 'unknown') throw new Error('nobody is there');
      const target = { customerId: known.id, customerKey: key, reason: null };
      expect(await refusalOf(erase(ctx, target))).to.equal('CUSTOMER_HAS_OPEN_TICKET');
      await commands.close(ctx, known.ticketIds[0] ?? '', {});
      const [said] = await Promise.all([refusalOf(erase(ctx, target)), receive(message('b'), got('b'))]);
      const now = await commands.handler.load(customer, key);
      expect(now.status).to.equal('known');
      if (said === 'done') expect(now).not.to.include({ id: known.id });
      else expect(now).to.include({ id: known.id });
      expect(destroyed).to.deep.equal(said === 'done' ? [known.id] : []);
      const listed = await eventsOf(its.store, 'erasures-');
      expect(listed).to.have.length(destroyed.length);
    });
  });
});
