import { decideAnswer } from '../../../src/commands/chat/ask.ts';
import { ticket, type Ticket } from '../../../src/domain/tickets/ticket.ts';
import { facts, faqAnswered, openedOnWeb, thought } from './talk-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani } from '../../support/scenarios/people.ts';
import { closed, handoff, queued, tagged, takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);
const about = { ticketId: TICKET, division: 'sari' as const };
const prioritised = {
  type: 'TicketPrioritised' as const,
  data: { ...about, priority: 1, because: 'ready_to_buy' as const },
};

describe('an answer of the bot', () => {
  const answer =
    (over: Parameters<typeof thought>[0] = {}) =>
    (state: Ticket) =>
      decideAnswer(state, thought(over), facts);

  it('is given on a FREE ticket', () => given(openedOnWeb()).when(answer()).then(faqAnswered()));

  it('is dropped when somebody took over while the bot was composing, and in the queue', () => {
    given(openedOnWeb(), takenOver(ani)).when(answer()).then();
    given(openedOnWeb(), handoff(), queued('waiting_agent')).when(answer()).then();
    given(openedOnWeb(), closed()).when(answer()).then();
    given().when(answer()).then();
  });

  it('raises the priority of who wants to buy, once, whoever has the word', () => {
    const buys = answer({ wantsToBuy: true });
    given(openedOnWeb()).when(buys).then(prioritised, tagged('prioritas'), faqAnswered());
    given(openedOnWeb(), takenOver(ani)).when(buys).thenOnce(prioritised, tagged('prioritas'));
    given(openedOnWeb(), tagged('prioritas'), takenOver(ani)).when(buys).then(prioritised);
    given(openedOnWeb(), prioritised, takenOver(ani)).when(buys).then();
  });

  it('hands over to people who ask for one, outside office hours with the label of the night', () => {
    const person = thought({ wantsPerson: true, outcome: 'ruled', intents: [], card: thought().card });
    const ruled = faqAnswered({ outcome: 'ruled', intents: [] });
    given(openedOnWeb())
      .when((state) => decideAnswer(state, person, facts))
      .then(ruled, handoff(), queued('waiting_agent'));
    given(openedOnWeb())
      .when((state) => decideAnswer(state, person, { ...facts, isOffHours: true }))
      .then(ruled, handoff(), queued('off_hours'));
  });

  it('shows benefits, pauses them for four answers after two refusals, and shows them again', () => {
    const no = faqAnswered({ outcome: 'ruled', intents: [], refused: true });
    const plain = faqAnswered({ benefits: false });
    given(openedOnWeb(), no).when(answer()).then(faqAnswered());
    given(openedOnWeb(), no, no).when(answer()).then(plain);
    given(openedOnWeb(), no, no, plain, plain, plain).when(answer()).then(plain);
    given(openedOnWeb(), no, no, plain, plain, plain, plain).when(answer()).then(faqAnswered());
  });
});
