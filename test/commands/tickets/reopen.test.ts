import { expect } from 'chai';
import {
  currentTicketIsOpen,
  decideReopen,
  decideResumeTicket,
  isBeingReopened,
} from '../../../src/commands/tickets/reopen.ts';
import { customer, type Customer } from '../../../src/domain/customers/customer.ts';
import { ticket, type Ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { registered, started, ticketResumed } from '../../support/scenarios/customer-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, rina, sena, uuidOf } from '../../support/scenarios/people.ts';
import { closed, opened, reopened, takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);
const NOW = '2026-07-03T10:30:00.000Z';
const OTHER = uuidOf(0xab);

describe('reopen', () => {
  const reopen = (state: Ticket) => decideReopen(state, null, rina, NOW);

  it('gives a closed ticket back to the bot, once', () =>
    given(opened(), closed()).when(reopen).thenOnce(reopened()));
  it('gives it back to the agent who had it', () =>
    given(opened(), takenOver(ani), closed()).when(reopen).thenOnce(reopened(ani.id)));
  it('gives it back to the bot when the agent who had it is gone', () =>
    given(opened(), takenOver(ani), closed())
      .when((state) => decideReopen(state, null, rina, NOW, ani.id))
      .thenOnce(reopened()));
  it('reopens only what is closed', () => given(opened()).when(reopen).then());
  it('keeps the reason', () =>
    given(opened(), closed())
      .when((state) => decideReopen(state, 'menulis lagi', rina, NOW))
      .then({ type: 'TicketReopened', data: { ...reopened().data, reason: 'menulis lagi' } } as TicketEvent));
  it('is refused on a ticket that does not exist, or that they may not see', () => {
    given().when(reopen).thenRefused('TICKET_NOT_FOUND');
    given(opened(), closed())
      .when((state) => decideReopen(state, null, sena, NOW))
      .thenRefused('DIVISION_FORBIDDEN');
  });
  it('takes back that the sale was won or lost: the stage before it, without a reason of loss', () => {
    const lost: TicketEvent = {
      type: 'CrmUpdated',
      data: {
        ticketId: TICKET,
        division: 'sari',
        changes: [
          { field: 'crm_stage', from: 'Lead', to: 'Lost' },
          { field: 'lost_reason', from: null, to: 'price' },
        ],
        words: [],
        source: 'agent',
        confidence: null,
        at: NOW,
      },
    };
    given(opened(), lost, closed())
      .when(reopen)
      .thenOnce(reopened(), {
        type: 'CrmUpdated',
        data: {
          ...lost.data,
          changes: [
            { field: 'crm_stage', from: 'Lost', to: 'Lead' },
            { field: 'lost_reason', from: 'price', to: null },
          ],
        },
      });
  });
});

describe('the customer of a ticket that is reopened', () => {
  const givenCustomer = specOf(customer);
  const closedOnce = given(opened(), closed()).state;
  if (closedOnce.status !== 'closed') throw new Error('the ticket is closed');
  const resume =
    (currentIsOpen = false) =>
    (state: Customer) =>
      decideResumeTicket(state, closedOnce, currentIsOpen);

  it('gets it as their current ticket, once', () =>
    givenCustomer(registered(), started(TICKET), started(OTHER, TICKET))
      .when(resume())
      .thenOnce(ticketResumed(TICKET, 1)));
  it('keeps it as their current ticket, and it is said that it is about to be open, once', () =>
    givenCustomer(registered(), started(TICKET)).when(resume(true)).thenOnce(ticketResumed(TICKET, 1)));
  it('has one open ticket: it is refused while another is open', () =>
    givenCustomer(registered(), started(TICKET), started(OTHER, TICKET))
      .when(resume(true))
      .thenRefused('CUSTOMER_HAS_OPEN_TICKET'));
  it('who is not known, or never had this ticket, gets nothing', () => {
    givenCustomer().when(resume()).then();
    givenCustomer(registered(), started(OTHER)).when(resume()).then();
    givenCustomer(registered(), started(OTHER)).when(resume(true)).then();
  });
});

describe('a ticket that is being reopened', () => {
  const current = given(opened(), closed()).state;
  const known = specOf(customer)(registered(), started(TICKET), ticketResumed(TICKET, 1)).state;
  const at = (state: Customer, found: Ticket) => isBeingReopened(state, found);

  it('is closed, current, and was resumed since it was closed last', () => {
    expect(at(known, current)).to.equal(true);
    expect(at(known, given(opened()).state)).to.equal(false);
    expect(at(known, given(opened(), closed(), reopened(), closed()).state)).to.equal(false);
    expect(at(specOf(customer)(registered(), started(TICKET)).state, current)).to.equal(false);
    expect(
      at(specOf(customer)(registered(), started(OTHER), ticketResumed(OTHER, 1)).state, current),
    ).to.equal(false);
    expect(at(customer.initial, current)).to.equal(false);
  });
});

describe('the current ticket of a customer', () => {
  const givenCustomer = specOf(customer);
  const withTicket = givenCustomer(registered(), started(TICKET)).state;

  it('is open until it is closed', () => {
    expect(currentTicketIsOpen(withTicket, TICKET, given(opened()).state)).to.equal(true);
    expect(currentTicketIsOpen(withTicket, TICKET, given(opened(), closed()).state)).to.equal(false);
  });
  it('is open when it is being reopened, or is not opened yet', () => {
    const resumed = givenCustomer(registered(), started(TICKET), ticketResumed(TICKET, 1)).state;
    expect(currentTicketIsOpen(resumed, TICKET, given(opened(), closed()).state)).to.equal(true);
    expect(currentTicketIsOpen(withTicket, TICKET, ticket.initial)).to.equal(true);
  });
  it('is open when another was started since it was looked up', () => {
    expect(currentTicketIsOpen(withTicket, OTHER, given(opened(), closed()).state)).to.equal(true);
    expect(currentTicketIsOpen(withTicket, null, null)).to.equal(true);
    expect(currentTicketIsOpen(withTicket, TICKET, null)).to.equal(true);
  });
  it('is not open where there is none', () => {
    expect(currentTicketIsOpen(customer.initial, null, null)).to.equal(false);
    expect(currentTicketIsOpen(givenCustomer(registered()).state, null, null)).to.equal(false);
  });
});
