import { expect } from 'chai';
import { decideRate, rateInput } from '../../../src/commands/chat/rate.ts';
import { ticket, type Ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { openedOnWeb } from './talk-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani } from '../../support/scenarios/people.ts';
import { closed, takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);
const at = '2026-07-03T10:00:00.000Z';
const rated = (
  rating: 'up' | 'down',
  ratedAt = at,
  agentId: string | null = null,
  comment: string | null = null,
): TicketEvent => ({
  type: 'TicketRated',
  data: { ticketId: TICKET, division: 'sari', rating, comment, agentId, ratedAt },
});

describe('a rating', () => {
  const rate =
    (rating: 'up' | 'down', now = at, comment?: string) =>
    (state: Ticket) =>
      decideRate(state, { rating, comment }, now);

  it('is of who has the ticket, or had it, or of the bot alone', () => {
    given(openedOnWeb()).when(rate('up')).thenOnce(rated('up'));
    given(openedOnWeb(), takenOver(ani))
      .when(rate('up'))
      .then(rated('up', at, ani.id));
    given(openedOnWeb(), takenOver(ani), closed())
      .when(rate('down', at, 'Lama'))
      .then(rated('down', at, ani.id, 'Lama'));
  });

  it('can be changed for ten minutes from the first one on', () => {
    const late = '2026-07-03T10:10:00.001Z';
    const soon = '2026-07-03T10:09:00.000Z';
    given(openedOnWeb(), rated('down')).when(rate('up', soon)).then(rated('up', soon));
    given(openedOnWeb(), rated('down'), rated('up', soon))
      .when(rate('down', late))
      .thenRefused('RATING_FINAL');
    given(openedOnWeb(), rated('up')).when(rate('up', late)).then();
  });

  it('needs a talk', () => {
    given().when(rate('up')).thenRefused('NOTHING_TO_RATE');
    expect(rateInput.safeParse({ rating: 'up', comment: ' ' }).success).to.equal(false);
  });
});
