import { decideAssign } from '../../../src/commands/tickets/assign.ts';
import { ticket, type Ticket } from '../../../src/domain/tickets/ticket.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, asUser, budi, rina, sena, tono, vera } from '../../support/scenarios/people.ts';
import {
  assigned,
  closed,
  opened,
  queued,
  reopened,
  takenOver,
} from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);
const NOON = '2026-07-03T12:00:00.000Z';

describe('assign', () => {
  const to =
    (agent: typeof ani, status: 'active' | 'inactive' = 'active') =>
    (state: Ticket) =>
      decideAssign(state, asUser(agent, status), null, tono);

  it('takes it from the bot', () => given(opened()).when(to(ani)).then(assigned(ani, 'bot')));
  it('takes it from the queue', () =>
    given(opened(), queued('waiting_agent')).when(to(ani)).then(assigned(ani, 'queue')));
  it('takes it from another agent', () =>
    given(opened(), takenOver(budi)).when(to(ani)).then(assigned(ani, budi.id)));
  it('may go to an agent of another division', () =>
    given(opened()).when(to(sena)).then(assigned(sena, 'bot')));
  it('stays in the division where who gives it sees no other', () => {
    const byAni = (agent: typeof ani) => (state: Ticket) => decideAssign(state, asUser(agent), null, ani);
    given(opened()).when(byAni(sena)).thenRefused('DIVISION_FORBIDDEN');
    given(opened()).when(byAni(budi)).then(assigned(budi, 'bot'));
    given(opened()).when(byAni(rina)).then(assigned(rina, 'bot'));
  });
  it('is refused when they already have it', () =>
    given(opened(), takenOver(ani)).when(to(ani)).thenRefused('ALREADY_ASSIGNED'));
  it('is refused on a closed ticket', () =>
    given(opened(), closed()).when(to(ani)).thenRefused('TICKET_CLOSED'));
  it('is refused for who was deactivated', () =>
    given(opened()).when(to(ani, 'inactive')).thenRefused('AGENT_INACTIVE'));
  it('is refused for a viewer', () => given(opened()).when(to(vera)).thenRefused('NOT_AN_AGENT'));
  it('is refused for nobody', () =>
    given(opened())
      .when((state) => decideAssign(state, { status: 'absent' }, null, tono))
      .thenRefused('USER_NOT_FOUND'));
  it('is refused on a ticket that does not exist, or that they may not see', () => {
    given().when(to(ani)).thenRefused('TICKET_NOT_FOUND');
    given(opened())
      .when((state) => decideAssign(state, asUser(ani), null, sena))
      .thenRefused('DIVISION_FORBIDDEN');
  });
  it('is refused again to the agent who got the ticket back when it was reopened', () =>
    given(opened(), takenOver(ani), closed(), reopened(ani.id))
      .when(to(ani))
      .thenRefused('ALREADY_ASSIGNED'));
  it('keeps the note, and says until when the agent must answer, where there is a limit', () => {
    const event = assigned(ani, 'bot', 'kenal baik');
    given(opened())
      .when((state) => decideAssign(state, asUser(ani), 'kenal baik', tono, { replyBy: NOON }))
      .then({ ...event, data: { ...event.data, replyBy: NOON } } as typeof event);
  });
});
