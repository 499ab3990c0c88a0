import { decideSelfTakeover } from '../../../src/commands/tickets/self-takeover.ts';
import { ticket, type Ticket } from '../../../src/domain/tickets/ticket.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, budi, rina, sena, tono } from '../../support/scenarios/people.ts';
import {
  assigned,
  closed,
  handoff,
  opened,
  queued,
  reopened,
  takenOver,
} from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);
const NOON = '2026-07-03T12:00:00.000Z';

describe('self-takeover', () => {
  const by = (caller: typeof ani) => (state: Ticket) => decideSelfTakeover(state, caller);

  it('gives a free ticket to the agent', () => given(opened()).when(by(ani)).then(takenOver(ani)));
  it('is refused on a ticket that does not exist', () =>
    given().when(by(ani)).thenRefused('TICKET_NOT_FOUND'));
  it('is refused across divisions', () => given(opened()).when(by(sena)).thenRefused('DIVISION_FORBIDDEN'));
  for (const [what, ...history] of [
    ['taken', takenOver(budi)],
    ['already theirs', takenOver(ani)],
    ['assigned', assigned(budi, 'bot')],
    ['queued', handoff(), queued('waiting_agent')],
    ['closed', closed()],
  ] as const) {
    it(`is refused when the ticket is ${what}: only FREE can be taken`, () =>
      given(opened(), ...history)
        .when(by(ani))
        .thenRefused('TICKET_ALREADY_TAKEN'));
  }
  it('is possible again after a reopen without an agent', () =>
    given(opened(), closed(), reopened()).when(by(ani)).then(takenOver(ani)));
  it('is refused across divisions also to an agent who sees the ticket by an assignment', () =>
    given(opened(), assigned(sena, 'bot')).when(by(sena)).thenRefused('DIVISION_FORBIDDEN'));
  it('is open to a lead and a super admin who have the privilege', () => {
    given(opened()).when(by(tono)).then(takenOver(tono));
    given(opened()).when(by(rina)).then(takenOver(rina));
  });
  it('says until when the agent must answer, where there is a limit', () => {
    const event = takenOver(ani);
    given(opened())
      .when((state) => decideSelfTakeover(state, ani, { replyBy: NOON }))
      .then({ ...event, data: { ...event.data, replyBy: NOON } } as typeof event);
  });
});
