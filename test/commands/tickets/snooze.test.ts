import { expect } from 'chai';
import { decideSnooze, decideUnsnooze, decideWake } from '../../../src/commands/tickets/snooze.ts';
import { ticket, type Ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, budi, rina, sena } from '../../support/scenarios/people.ts';
import { closed, opened, reassigned, takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);
const NOW = '2026-07-03T10:00:00.000Z';
const LATER = '2026-07-04T02:00:00.000Z';
const about = { ticketId: TICKET, division: 'sari' as const, agentId: ani.id };
const snoozed = (until = LATER): TicketEvent => ({ type: 'TicketSnoozed', data: { ...about, until } });
const woken = (because: 'time' | 'customer' | 'asked'): TicketEvent => ({
  type: 'TicketWoken',
  data: { ...about, because },
});
const taken = [opened(), takenOver(ani)];

describe('snooze', () => {
  const until =
    (time: string, caller = ani) =>
    (state: Ticket) =>
      decideSnooze(state, { until: time }, caller, NOW);

  it('puts it aside, to the same time once, or to another time', () => {
    given(...taken)
      .when(until(LATER))
      .thenOnce(snoozed());
    given(...taken, snoozed())
      .when(until('2026-07-05T02:00:00Z'))
      .then(snoozed('2026-07-05T02:00:00.000Z'));
    given(...taken)
      .when(until(LATER, rina))
      .then(snoozed());
  });

  it('takes a time within 90 days', () => {
    given(...taken)
      .when(until(NOW))
      .thenRefused('VALIDATION_FAILED');
    given(...taken)
      .when(until('2026-10-01T10:00:00.001Z'))
      .thenRefused('VALIDATION_FAILED');
    given(...taken)
      .when(until('2026-10-01T10:00:00.000Z'))
      .then(snoozed('2026-10-01T10:00:00.000Z'));
  });

  it('is for its agent, and for leads, while somebody has it', () => {
    given().when(until(LATER)).thenRefused('TICKET_NOT_FOUND');
    given(...taken)
      .when(until(LATER, budi))
      .thenRefused('NOT_ASSIGNEE');
    given(...taken)
      .when(until(LATER, sena))
      .thenRefused('DIVISION_FORBIDDEN');
    given(opened()).when(until(LATER)).thenRefused('NOT_ASSIGNED');
    given(...taken, closed())
      .when(until(LATER))
      .thenRefused('TICKET_CLOSED');
  });

  it('ends when its agent takes it up, once', () => {
    given(...taken, snoozed())
      .when((state) => decideUnsnooze(state, ani))
      .thenOnce(woken('asked'));
    given(...taken)
      .when((state) => decideUnsnooze(state, ani))
      .then();
    given(...taken, snoozed())
      .when((state) => decideUnsnooze(state, budi))
      .thenRefused('NOT_ASSIGNEE');
  });

  it('ends when its time is up, or the customer wrote, and not before', () => {
    const wake = (because: 'time' | 'customer', now: string) => (state: Ticket) =>
      decideWake(state, because, now);
    given(...taken, snoozed())
      .when(wake('time', LATER))
      .thenOnce(woken('time'));
    given(...taken, snoozed())
      .when(wake('time', NOW))
      .then();
    given(...taken, snoozed())
      .when(wake('customer', NOW))
      .thenOnce(woken('customer'));
    given(...taken)
      .when(wake('customer', NOW))
      .then();
    given(...taken, snoozed(), closed())
      .when(wake('time', LATER))
      .then();
  });

  it('ends with a new agent: they have not put it aside', () => {
    const { state } = given(...taken, snoozed(), reassigned(ani, budi));
    expect(state).to.include({ status: 'assigned', agentId: budi.id, snoozedUntil: null });
  });
});
