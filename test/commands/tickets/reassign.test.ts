import { decideReassign } from '../../../src/commands/tickets/reassign.ts';
import { ticket, type Ticket } from '../../../src/domain/tickets/ticket.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, asUser, budi, sena, tono, vera } from '../../support/scenarios/people.ts';
import { closed, opened, reassigned, takenOver } from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);
const NOON = '2026-07-03T12:00:00.000Z';

describe('reassign', () => {
  const move = (from: typeof ani, to: typeof ani) => (state: Ticket) =>
    decideReassign(state, { fromAgent: from.id, to: asUser(to), reason: null }, tono);

  it('moves it from one agent to another', () =>
    given(opened(), takenOver(ani)).when(move(ani, budi)).then(reassigned(ani, budi)));
  it('is refused when the assignee is somebody else by now', () =>
    given(opened(), takenOver(budi)).when(move(ani, sena)).thenRefused('ASSIGNEE_CHANGED'));
  it('is refused when nobody has it', () =>
    given(opened()).when(move(ani, budi)).thenRefused('ASSIGNEE_CHANGED'));
  it('is refused on a closed ticket', () =>
    given(opened(), takenOver(ani), closed()).when(move(ani, budi)).thenRefused('TICKET_CLOSED'));
  it('is refused to the agent who has it', () =>
    given(opened(), takenOver(ani)).when(move(ani, ani)).thenRefused('ALREADY_ASSIGNED'));
  it('is refused for who cannot be given a ticket', () => {
    given(opened(), takenOver(ani)).when(move(ani, vera)).thenRefused('NOT_AN_AGENT');
    given(opened(), takenOver(ani))
      .when((state) =>
        decideReassign(state, { fromAgent: ani.id, to: asUser(budi, 'inactive'), reason: null }, tono),
      )
      .thenRefused('AGENT_INACTIVE');
    given(opened(), takenOver(ani))
      .when((state) =>
        decideReassign(state, { fromAgent: ani.id, to: { status: 'absent' }, reason: null }, tono),
      )
      .thenRefused('USER_NOT_FOUND');
  });
  it('is refused on a ticket that does not exist, or that they may not see', () => {
    given().when(move(ani, budi)).thenRefused('TICKET_NOT_FOUND');
    given(opened(), takenOver(ani))
      .when((state) => decideReassign(state, { fromAgent: ani.id, to: asUser(budi), reason: null }, sena))
      .thenRefused('DIVISION_FORBIDDEN');
  });
  it('a second time is refused: it is no longer with the agent it was taken from', () =>
    given(opened(), takenOver(ani), reassigned(ani, budi))
      .when(move(ani, budi))
      .thenRefused('ASSIGNEE_CHANGED'));
  it('keeps the reason, and says until when the agent must answer, where there is a limit', () => {
    const event = reassigned(ani, budi, 'cuti');
    given(opened(), takenOver(ani))
      .when((state) =>
        decideReassign(state, { fromAgent: ani.id, to: asUser(budi), reason: 'cuti' }, tono, {
          replyBy: NOON,
        }),
      )
      .then({ ...event, data: { ...event.data, replyBy: NOON } } as typeof event);
  });
});
