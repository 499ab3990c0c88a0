import { expect } from 'chai';
import { type BotSignal, decideBotSignal } from '../../../src/commands/inbound/bot-signal.ts';
import { ticket, type Ticket } from '../../../src/domain/tickets/ticket.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { from } from '../../support/scenarios/inbound.ts';
import { ani } from '../../support/scenarios/people.ts';
import {
  closed,
  handoff,
  opened,
  queued,
  reopened,
  takenOver,
  TICKET,
} from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);
const NOW = '2026-07-03T10:30:00.000Z';
const gaveUp: BotSignal = { ...from(), kind: 'handoff', reason: null };
const solved: BotSignal = { ...from(), kind: 'resolved' };
const lead = (fields: Record<string, unknown>): BotSignal => ({
  ...from(),
  kind: 'lead_detected',
  fields,
  confidence: 0.8,
});
const says =
  (signal: BotSignal, isOffHours = false) =>
  (state: Ticket) =>
    decideBotSignal(state, signal, isOffHours, NOW);

describe('a handoff of the bot', () => {
  it('queues the ticket, once', () =>
    given(opened()).when(says(gaveUp)).thenOnce(handoff(), queued('waiting_agent')));
  it('keeps the reason', () =>
    given(opened())
      .when(says({ ...gaveUp, reason: 'minta orang' }))
      .then(
        { type: 'HandoffRequested', data: { ticketId: TICKET, division: 'sari', reason: 'minta orang' } },
        queued('waiting_agent'),
      ));
  it('outside office hours says so', () =>
    given(opened()).when(says(gaveUp, true)).thenOnce(handoff(), queued('off_hours')));
  it('of a returning customer waits for the agent who knows them, also outside office hours', () => {
    const known = opened({ previousAgentId: ani.id });
    given(known).when(says(gaveUp)).thenOnce(handoff(), queued('returning_customer', ani.id));
    given(known).when(says(gaveUp, true)).thenOnce(handoff(), queued('returning_customer', ani.id));
  });
  it('changes nothing of a ticket that an agent has or that waits', () => {
    given(opened(), takenOver(ani)).when(says(gaveUp)).then();
    given(opened(), queued('waiting_agent')).when(says(gaveUp)).then();
  });
  it('is refused while the ticket is closed or not there', () => {
    given(opened(), closed()).when(says(gaveUp)).thenRefused('TICKET_CLOSED');
    given().when(says(gaveUp)).thenRefused('TICKET_CLOSED');
  });
});

describe('a bot that resolved the question', () => {
  it('closes the ticket it has, once', () =>
    given(opened()).when(says(solved)).thenOnce(closed('bot_resolved')));
  it('leaves a ticket that an agent has or that waits for one', () => {
    given(opened(), takenOver(ani)).when(says(solved)).then();
    given(opened(), queued('waiting_agent')).when(says(solved)).then();
  });
  it('leaves a closed ticket, and is refused where there is none', () => {
    given(opened(), closed()).when(says(solved)).then();
    given().when(says(solved)).thenRefused('TICKET_CLOSED');
  });
});

describe('a lead that the bot detected', () => {
  it('is kept as it came, and fills in the CRM', () =>
    given(opened())
      .when(says(lead({ origin_city: 'Batam' })))
      .then(
        {
          type: 'LeadDetected',
          data: { ticketId: TICKET, division: 'sari', fields: { origin_city: 'Batam' }, confidence: 0.8 },
        },
        {
          type: 'CrmUpdated',
          data: {
            ticketId: TICKET,
            division: 'sari',
            changes: [],
            words: [{ field: 'origin_city', from: null, to: 'Batam' }],
            source: 'bot',
            confidence: 0.8,
            at: NOW,
          },
        },
      ));
  it('that says nothing new changes no CRM', () =>
    given(opened())
      .when((state) => says(lead({ nothing: 1 }))(state).filter(({ type }) => type !== 'LeadDetected'))
      .then());
  it('is refused while the ticket is closed, and taken again once it is reopened', () => {
    given(opened(), closed())
      .when(says(lead({})))
      .thenRefused('TICKET_CLOSED');
    const { state } = given(opened(), closed(), reopened());
    expect(says(lead({}))(state)).to.have.length(1);
  });
});
