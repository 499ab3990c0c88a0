import { expect } from 'chai';
import {
  decideAbsorb,
  decideEraseMerged,
  decideJoin,
  decideMerge,
  decideTakeUp,
  decideTicketCustomer,
} from '../../../src/commands/customers/decide-merge.ts';
import { requireMergeable } from '../../../src/commands/customers/merge.ts';
import {
  customer,
  type CustomerEvent,
  isKnownAs,
  type KnownCustomer,
  type MergedCustomer,
} from '../../../src/domain/customers/customer.ts';
import { absorbedData } from '../../../src/domain/customers/merge.ts';
import { ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { registered, started, ticketResumed } from '../../support/scenarios/customer-events.ts';
import { fold, refusalIn, specOf } from '../../support/scenarios/given.ts';
import { ani, uuidOf } from '../../support/scenarios/people.ts';
import {
  assigned,
  closed,
  CUSTOMER,
  handoff,
  opened,
  queued,
  tagged,
  TICKET,
} from '../../support/scenarios/ticket-events.ts';

const OLD = '01800000-0000-7000-8000-00000000cccc';
const [T1, T2, T3] = [uuidOf(1), uuidOf(2), uuidOf(3)];
const AT = '2026-07-03T03:30:00.000Z';

const knownAfter = (...events: readonly CustomerEvent[]): KnownCustomer => {
  const state = fold(customer, events);
  if (state.status !== 'known') throw new Error('nobody is known');
  return state;
};
const older = (...events: readonly CustomerEvent[]): KnownCustomer => ({
  ...knownAfter({
    ...registered(OLD),
    data: { ...registered(OLD).data, customerKey: 'sari_old' },
  } as CustomerEvent),
  ...(events.length > 0 && { ...knownAfter(registered(OLD), ...events), key: 'sari_old' }),
});
const merge = (state: KnownCustomer, into: KnownCustomer): CustomerEvent[] =>
  decideMerge(state, state, into, { because: 'channel', joinTickets: true });
const mergedAfter = (...events: readonly CustomerEvent[]): MergedCustomer => {
  const was = knownAfter(registered(), ...events);
  const [event] = merge(was, older());
  const state = event && customer.evolve(was, event);
  if (state?.status !== 'merged') throw new Error('not merged');
  return state;
};

describe('the younger of two customers who are one', () => {
  const given = specOf(customer);
  it('is merged into the older one, once', () =>
    given(registered())
      .when((state) =>
        decideMerge(state, knownAfter(registered()), older(), { because: 'agent', joinTickets: false }),
      )
      .thenOnce({
        type: 'CustomerMerged',
        data: { customerId: CUSTOMER, into: OLD, intoKey: 'sari_old', because: 'agent', joinTickets: false },
      }));
  it('is not, when somebody else is on the stream by now', () => {
    const wish = { because: 'channel', joinTickets: true } as const;
    const decide = (state: typeof customer.initial) =>
      decideMerge(state, knownAfter(registered()), older(), wish);
    given().when(decide).then();
    given(registered(T1)).when(decide).then();
  });
});

describe('the older of two customers who are one', () => {
  const absorbed = (own: KnownCustomer, merged: MergedCustomer, open = { own: false, theirs: false }) =>
    decideAbsorb(own, 'sari_abc', merged, { ...open, of: own });

  it('has the tickets of both, once, and is known as either', () => {
    const own = older(started(T1, null, OLD));
    const [event, ...more] = absorbed(own, mergedAfter(started(T2)));
    expect(more).to.deep.equal([]);
    const state = event && customer.evolve(own, event);
    if (state?.status !== 'known') throw new Error('unknown');
    expect(state.ticketIds).to.deep.equal([T1, T2]);
    expect(isKnownAs(state, CUSTOMER) && isKnownAs(state, OLD)).to.equal(true);
    expect(isKnownAs(state, T1)).to.equal(false);
    expect(absorbed(state, mergedAfter(started(T2)))).to.deep.equal([]);
  });
  it('decides nothing on another ticket than was looked at, nor for somebody unknown', () => {
    const own = older(started(T1, null, OLD));
    const tickets = { own: true, theirs: true, of: own };
    const moved = older(started(T1, null, OLD), started(T3, T1, OLD));
    expect(decideAbsorb(moved, 'sari_abc', mergedAfter(), tickets)).to.deep.equal([]);
    expect(decideAbsorb({ ...own, resumed: 1 }, 'sari_abc', mergedAfter(), tickets)).to.deep.equal([]);
    expect(decideAbsorb(customer.initial, 'sari_abc', mergedAfter(), tickets)).to.deep.equal([]);
  });
  it('goes on in the older open ticket; else in the open one; else the newest was the last', () => {
    const current = (own: string | null, theirs: string | null, open: { own: boolean; theirs: boolean }) => {
      const state = own === null ? older() : older(started(own, null, OLD));
      const merged = theirs === null ? mergedAfter() : mergedAfter(started(theirs));
      return absorbedData(state, 'sari_abc', merged, open).currentTicketId;
    };
    const [both, none] = [
      { own: true, theirs: true },
      { own: false, theirs: false },
    ];
    expect(current(T1, T2, both)).to.equal(T1);
    expect(current(T2, T1, both)).to.equal(T1);
    expect(current(T1, T2, { own: false, theirs: true })).to.equal(T2);
    expect(current(T2, T1, { own: true, theirs: false })).to.equal(T2);
    expect(current(T1, T2, none)).to.equal(T2);
    expect(current(T2, T1, none)).to.equal(T2);
    expect(current(null, T1, { own: false, theirs: true })).to.equal(T1);
    expect(current(T1, null, { own: true, theirs: false })).to.equal(T1);
    expect(current(null, null, none)).to.equal(null);
    const reopened = mergedAfter(started(T1), ticketResumed(T1, 2));
    expect(absorbedData(older(), 'sari_abc', reopened, both)).to.include({ currentTicketId: T1, resumed: 2 });
  });
  it('is reached by the number, called by what was said last, and wants no offers if either wants none', () => {
    const own: KnownCustomer = {
      ...older(),
      phone: null,
      channelUserId: 'wa_ID.1',
      name: 'Lama',
      contactSaidAt: AT,
    };
    const merged = mergedAfter();
    const data = (theirs: Partial<KnownCustomer>, mine: Partial<KnownCustomer> = {}) =>
      absorbedData(
        { ...own, ...mine },
        'k',
        { ...merged, was: { ...merged.was, ...theirs } },
        { own: false, theirs: false },
      );
    expect(data({})).to.include({ phone: '+6281234567890', channelUserId: 'wa_6281234567890', name: 'Lama' });
    expect(data({ contactSaidAt: '2026-07-04T00:00:00.000Z' })).to.include({
      name: 'Budi',
      saidAt: '2026-07-04T00:00:00.000Z',
    });
    expect(data({ name: 'Ketik', nameIsOurs: true })).to.include({ name: 'Ketik', nameIsOurs: true });
    expect(data({ name: 'Ketik', nameIsOurs: true }, { nameIsOurs: true })).to.include({ name: 'Lama' });
    expect(data({ name: 'X' }, { name: null })).to.include({ name: 'X' });
    expect(data({ phone: null, channelUserId: 'wa_ID.2' })).to.include({
      phone: null,
      channelUserId: 'wa_ID.1',
    });
    expect(data({ optedOut: true }).optedOut).to.equal(true);
    expect(data({ email: 'a@b.test', notes: 'n' }, { notes: 'm' })).to.include({
      email: 'a@b.test',
      notes: 'm',
    });
    expect(data({ absorbed: [{ customerId: T1, customerKey: 'sari_z' }] }).earlier).to.deep.equal([
      { customerId: T1, customerKey: 'sari_z' },
    ]);
  });
});

describe('two customers', () => {
  it('are merged within one division and one channel only', () => {
    const one = knownAfter(registered());
    requireMergeable(one, older());
    for (const other of [
      { ...older(), division: 'savi' as const },
      { ...older(), channel: 'telegram' as const },
    ])
      expect(refusalIn(() => requireMergeable(one, other)).code).to.equal('CUSTOMERS_NOT_MERGEABLE');
  });
});

describe('a ticket of a customer who was merged', () => {
  const given = specOf(ticket);
  const about = { ticketId: TICKET, division: 'sari' as const };
  const owner = older();
  const theirs: TicketEvent = {
    type: 'TicketCustomerChanged',
    data: { ...about, customerId: OLD, customerKey: 'sari_old' },
  };
  const called: TicketEvent = {
    type: 'TicketContactChanged',
    data: { ...about, customerName: 'Budi', customerPhone: '+6281234567890' },
  };
  it('is the other one’s, and shows what they are called, once', () => {
    given(opened())
      .when((state) => decideTicketCustomer(state, owner))
      .thenOnce(theirs, called);
    given(opened(), closed())
      .when((state) => decideTicketCustomer(state, owner))
      .thenOnce(theirs, called);
    given()
      .when((state) => decideTicketCustomer(state, owner))
      .then();
  });
  it('ends where the other goes on, without a loss, once', () => {
    const joined: TicketEvent = {
      type: 'TicketClosed',
      data: { ...about, outcome: 'joined', reason: null, joinedTo: T1 },
    };
    given(opened())
      .when((state) => decideJoin(state, T1))
      .thenOnce(joined);
    given(opened())
      .when((state) => decideJoin(state, TICKET))
      .then();
    given(opened(), closed())
      .when((state) => decideJoin(state, T1))
      .then();
    given()
      .when((state) => decideJoin(state, T1))
      .then();
  });

  const other = (...events: readonly TicketEvent[]) =>
    fold(ticket, [{ ...opened(), data: { ...opened().data, ticketId: T2 } } as TicketEvent, ...events]);
  const takesUp = (from: ReturnType<typeof other>) => (state: typeof ticket.initial) =>
    decideTakeUp(state, from, AT);

  it('gives the one that stays its agent or its place in the queue, where that has neither', () => {
    given(opened())
      .when(takesUp(other(assigned(ani, 'bot'))))
      .thenOnce(assigned(ani, 'bot'));
    given(opened(), queued('waiting_agent'))
      .when(takesUp(other(assigned(ani, 'bot'))))
      .thenOnce(assigned(ani, 'queue'));
    given(opened(), assigned(ani, 'bot'))
      .when(takesUp(other(queued('off_hours'))))
      .then();
    given(opened())
      .when(takesUp(other(queued('off_hours'))))
      .thenOnce(handoff(), queued('off_hours'));
    given(opened())
      .when(takesUp(other(closed())))
      .then();
    given(opened(), closed())
      .when(takesUp(other(assigned(ani, 'bot'))))
      .then();
    given(opened())
      .when(takesUp(fold(ticket, [opened()])))
      .then();
  });
  it('gives it its tags and what is known of the sale, and changes nothing that is known there', () => {
    const crm = (
      ticketId: string,
      changes: readonly { field: string; to: string | number }[],
    ): TicketEvent => ({
      type: 'CrmUpdated',
      data: {
        ...{ ticketId, division: 'sari', confidence: null, source: 'agent', at: AT, words: [] },
        changes: changes.map((one) => ({ from: null, ...one })),
      },
    });
    const from = other(
      tagged('vip'),
      crm(T2, [
        { field: 'crm_stage', to: 'Proposal' },
        { field: 'quote_value', to: 500 },
        { field: 'customer_type', to: 'company' },
      ]),
    );
    given(opened(), crm(TICKET, [{ field: 'quote_value', to: 900 }]))
      .when(takesUp(from))
      .thenOnce(tagged('vip'), {
        type: 'CrmUpdated',
        data: {
          ...{ ...about, source: 'agent', confidence: null, at: AT, words: [] },
          changes: [
            { field: 'crm_stage', from: 'Lead', to: 'Proposal' },
            { field: 'customer_type', from: null, to: 'company' },
          ],
        },
      });
  });
});

describe('what a customer brought who was merged into one who was erased in the same moment', () => {
  it('is erased too, once', () => {
    const given = specOf(customer);
    const into = older();
    const [merged] = merge(knownAfter(registered(), started(TICKET)), into);
    const decide = (state: typeof customer.initial) =>
      decideEraseMerged(state, (division, id) => `${division} ${id}`, 'surat');
    given(registered(), started(TICKET), merged as CustomerEvent)
      .when(decide)
      .thenOnce({
        type: 'CustomerErased',
        data: {
          ...{ customerId: CUSTOMER, customerKey: 'sari_abc', division: 'sari', ticketIds: [TICKET] },
          ...{ orderingKey: 'sari wa_6281234567890', reason: 'surat' },
        },
      });
    given(registered()).when(decide).then();
  });

  it('takes whom they had taken in with it', () => {
    const absorbed = [{ customerId: OLD, customerKey: 'sari_old' }];
    const state = { ...(fold(customer, [registered()]) as KnownCustomer), absorbed };
    const [merged] = merge(state, older());
    const [event] = decideEraseMerged(customer.evolve(state, merged as CustomerEvent), () => 'o', null);
    expect(event?.data).to.deep.include({ absorbed });
  });
});
