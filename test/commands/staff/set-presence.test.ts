import { decideLeaveDesk, decideSetPresence } from '../../../src/commands/staff/set-presence.ts';
import { user, type User } from '../../../src/domain/staff/user.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, sena, tono, vera } from '../../support/scenarios/people.ts';
import { deactivated, presenceChanged, userRegistered } from '../../support/scenarios/staff-events.ts';

const given = specOf(user);
const set =
  (status: 'online' | 'offline', by = tono) =>
  (state: User) =>
    decideSetPresence(state, status, by);

describe('set the presence', () => {
  it('makes an agent come and go, once each', () => {
    given(userRegistered()).when(set('online')).thenOnce(presenceChanged('online'));
    given(userRegistered(), presenceChanged('online'))
      .when(set('offline'))
      .thenOnce(presenceChanged('offline'));
    given(userRegistered()).when(set('offline')).then();
  });
  it('is refused for a user who does not exist', () =>
    given().when(set('online')).thenRefused('USER_NOT_FOUND'));
  it('is refused for somebody of another division, unless it is themselves', () => {
    given(userRegistered()).when(set('online', sena)).thenRefused('DIVISION_FORBIDDEN');
    given(userRegistered(sena)).when(set('online', sena)).then(presenceChanged('online', sena));
    given(userRegistered(vera)).when(set('online', ani)).thenRefused('NOT_AN_AGENT');
  });
  it('is refused for a viewer, who gets no tickets', () => {
    given(userRegistered(vera)).when(set('online')).thenRefused('NOT_AN_AGENT');
    given(userRegistered(vera)).when(set('offline')).thenRefused('NOT_AN_AGENT');
  });
  it('is refused for who was deactivated, who is offline already', () => {
    given(userRegistered(), presenceChanged('online'), deactivated())
      .when(set('online'))
      .thenRefused('AGENT_INACTIVE');
    given(userRegistered(), presenceChanged('online'), deactivated()).when(set('offline')).then();
  });
});

describe('leaving the desk without a word', () => {
  const offline = (reason: 'logout' | 'gone') => {
    const event = presenceChanged('offline');
    return { ...event, data: { ...event.data, reason } } as typeof event;
  };
  it('takes offline who is online, with the reason, once', () => {
    for (const reason of ['logout', 'gone'] as const)
      given(userRegistered(), presenceChanged('online'))
        .when((state) => decideLeaveDesk(state, reason))
        .thenOnce(offline(reason));
  });
  it('changes nothing for who is offline, a viewer, or unknown', () => {
    given(userRegistered())
      .when((state) => decideLeaveDesk(state, 'logout'))
      .then();
    given(userRegistered(vera))
      .when((state) => decideLeaveDesk(state, 'gone'))
      .then();
    given()
      .when((state) => decideLeaveDesk(state, 'gone'))
      .then();
  });
});
