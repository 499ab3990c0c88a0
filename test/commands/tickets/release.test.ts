import { decideGiveUp } from '../../../src/commands/tickets/release.ts';
import { ticket, type Ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, budi, rina, sena, tono } from '../../support/scenarios/people.ts';
import { closed, handoff, opened, queued, takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);
const released = (to: 'queue' | 'bot', reason: string | null = null): TicketEvent => ({
  type: 'TicketReleased',
  data: { ticketId: TICKET, division: 'sari', agentId: ani.id, to, reason },
});

describe('release', () => {
  const toQueue = (caller: Caller) => (state: Ticket) =>
    decideGiveUp(state, { to: 'queue', reason: 'cuti' }, caller);

  it('puts it into the queue, or gives it back to the bot', () => {
    given(opened(), takenOver(ani)).when(toQueue(ani)).then(released('queue', 'cuti'));
    given(opened(), takenOver(ani))
      .when((state) => decideGiveUp(state, { to: 'bot' }, ani))
      .then(released('bot'));
  });

  it('is for its agent, and for leads', () => {
    for (const lead of [rina, tono])
      given(opened(), takenOver(ani)).when(toQueue(lead)).then(released('queue', 'cuti'));
    given(opened(), takenOver(ani)).when(toQueue(budi)).thenRefused('NOT_ASSIGNEE');
    given(opened(), takenOver(ani)).when(toQueue(sena)).thenRefused('DIVISION_FORBIDDEN');
  });

  it('is refused where nobody has it', () => {
    given().when(toQueue(ani)).thenRefused('TICKET_NOT_FOUND');
    given(opened()).when(toQueue(ani)).thenRefused('NOT_ASSIGNED');
    given(opened(), queued('waiting_agent')).when(toQueue(rina)).thenRefused('NOT_ASSIGNED');
    given(opened(), takenOver(ani), closed()).when(toQueue(ani)).thenRefused('TICKET_CLOSED');
    given(opened(), takenOver(ani), released('queue')).when(toQueue(rina)).thenRefused('NOT_ASSIGNED');
  });

  it('leaves a ticket that the next agent, or the bot, can take', () => {
    const inQueue = given(opened(), takenOver(ani), released('queue')).state;
    const withBot = given(opened(), handoff(), takenOver(ani), released('bot')).state;
    const { status, lastAgentId } = inQueue as Extract<Ticket, { status: 'queued' }>;
    if (status !== 'queued' || lastAgentId !== ani.id) throw new Error(JSON.stringify(inQueue));
    // The bot may hand it off again.
    if (withBot.status !== 'free' || withBot.handedOff) throw new Error(JSON.stringify(withBot));
  });
});
