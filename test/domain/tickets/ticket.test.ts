import { expect } from 'chai';
import { NO_TALK } from '../../../src/domain/chat/talk.ts';
import { NO_CRM } from '../../../src/domain/crm/crm.ts';
import { ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { fold } from '../../support/scenarios/given.ts';
import { ani, budi } from '../../support/scenarios/people.ts';
import {
  assigned,
  closed,
  CUSTOMER,
  handoff,
  opened,
  queued,
  reassigned,
  reopened,
  tagged,
  takenOver,
  TICKET,
  untagged,
} from '../../support/scenarios/ticket-events.ts';

const after = (...events: TicketEvent[]) => fold(ticket, [opened(), ...events]);
const facts = {
  id: TICKET,
  division: 'sari',
  customerId: CUSTOMER,
  customerKey: 'sari_abc',
  channel: 'whatsapp',
  handedOff: false,
  closes: 0,
  tags: [],
  optedOut: false,
  lastAgentId: null,
  isReturningCustomer: false,
  crm: NO_CRM,
  talk: NO_TALK,
} as const;
const NOON = '2026-07-03T12:00:00.000Z';
const limited = (event: TicketEvent) => ({ ...event, data: { ...event.data, replyBy: NOON } }) as TicketEvent;

describe('a ticket as its events leave it', () => {
  it('lives on a stream of its own', () => {
    expect(ticket.stream(TICKET)).to.equal(`ticket-${TICKET}`);
    expect(ticket.category).to.equal('ticket');
  });
  it('starts with the bot, and knows who handled the customer before', () => {
    expect(after()).to.deep.equal({ ...facts, status: 'free' });
    expect(fold(ticket, [opened({ previousAgentId: ani.id })])).to.deep.equal({
      ...facts,
      status: 'free',
      lastAgentId: ani.id,
      isReturningCustomer: true,
    });
  });
  it('is assigned by a take-over, an assignment or a move', () => {
    const to = (agent: typeof ani, replyBy: string | null = null) => ({
      ...facts,
      status: 'assigned',
      agentId: agent.id,
      agentDivision: agent.division,
      replyBy,
      snoozedUntil: null,
      lastAgentId: agent.id,
    });
    expect(after(takenOver(ani))).to.deep.equal(to(ani));
    expect(after(limited(takenOver(ani)))).to.deep.equal(to(ani, NOON));
    expect(after(assigned(ani, 'bot'))).to.deep.equal(to(ani));
    expect(after(limited(assigned(ani, 'bot')))).to.deep.equal(to(ani, NOON));
    expect(after(queued('waiting_agent'), assigned(ani, 'queue'))).to.deep.equal(to(ani));
    expect(after(takenOver(ani), reassigned(ani, budi))).to.deep.equal(to(budi));
    expect(after(takenOver(ani), limited(reassigned(ani, budi)))).to.deep.equal(to(budi, NOON));
  });
  it('waits in the queue, and carries nothing stale there', () => {
    expect(after(handoff(), queued('returning_customer', ani.id))).to.deep.equal({
      ...facts,
      handedOff: true,
      status: 'queued',
      label: 'returning_customer',
      waitingFor: ani.id,
    });
    expect(
      after(takenOver(ani), {
        type: 'TicketWithdrawn',
        data: { ticketId: TICKET, division: 'sari', agentId: ani.id },
      }),
    ).to.deep.equal({
      ...facts,
      lastAgentId: ani.id,
      status: 'queued',
      label: 'waiting_agent',
      waitingFor: null,
    });
  });
  it('has each tag once', () => {
    expect(after(tagged('vip'), tagged('b2b'), tagged('vip'))).to.deep.include({ tags: ['vip', 'b2b'] });
    expect(after(tagged('vip'), tagged('b2b'), untagged('vip'))).to.deep.include({ tags: ['b2b'] });
  });
  it('counts how often it was closed, and keeps who had it', () => {
    expect(after(closed())).to.deep.equal({
      ...facts,
      closes: 1,
      status: 'closed',
      agentId: null,
      agentDivision: null,
    });
    const once = after(takenOver(ani), closed());
    expect(once).to.deep.equal({
      ...facts,
      closes: 1,
      status: 'closed',
      agentId: ani.id,
      agentDivision: 'sari',
      lastAgentId: ani.id,
    });
    expect(ticket.evolve(once, reopened(ani.id))).to.deep.include({
      status: 'assigned',
      agentId: ani.id,
      replyBy: null,
      closes: 1,
    });
    expect(ticket.evolve(once, reopened())).to.deep.equal({
      ...facts,
      closes: 1,
      status: 'free',
      lastAgentId: ani.id,
    });
    expect([reopened(), closed()].reduce((state, event) => ticket.evolve(state, event), once)).to.include({
      closes: 2,
    });
  });
  it('that was never opened ignores every other event; a lead that was detected changes no state', () => {
    expect(fold(ticket, [takenOver(ani), closed()])).to.deep.equal({ status: 'absent' });
    const state = after();
    const lead = {
      type: 'LeadDetected',
      data: { ticketId: TICKET, division: 'sari', fields: {}, confidence: null },
    } as const;
    expect(ticket.evolve(state, lead)).to.equal(state);
    expect(ticket.evolve(state, { type: 'SomethingNew', data: {} } as never)).to.equal(state);
  });
});
