import { decideChangePassword } from '../../../src/commands/staff/change-password.ts';
import { user, type User } from '../../../src/domain/staff/user.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani } from '../../support/scenarios/people.ts';
import { deactivated, userRegistered } from '../../support/scenarios/staff-events.ts';

const given = specOf(user);

describe('change the own password', () => {
  const registered = userRegistered();
  const old = registered.data.passwordHash;
  const change = (proven: string) => (state: User) => decideChangePassword(state, proven, 'new hash');

  it('takes the new one for the one that was shown', () =>
    given(registered)
      .when(change(old))
      .then({ type: 'UserPasswordChanged', data: { userId: ani.id, passwordHash: 'new hash' } }));

  it('refuses when it was changed meanwhile: what was shown is the password no more', () => {
    given(registered, { type: 'UserPasswordChanged', data: { userId: ani.id, passwordHash: 'of the lead' } })
      .when(change(old))
      .thenRefused('PASSWORD_WRONG');
  });

  it('refuses who is not there, or deactivated', () => {
    given().when(change(old)).thenRefused('USER_NOT_FOUND');
    given(registered, deactivated()).when(change(old)).thenRefused('USER_NOT_FOUND');
  });
});
