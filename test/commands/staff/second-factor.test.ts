import {
  decideDisable,
  decideEnrol,
  decideReset,
  decideUseCode,
  type Proof,
} from '../../../src/commands/staff/second-factor.ts';
import { DEFAULT_PRIVILEGES, type Privilege } from '../../../src/domain/staff/privileges.ts';
import { type User, user, type UserEvent } from '../../../src/domain/staff/user.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, rina, tono } from '../../support/scenarios/people.ts';
import { deactivated, userRegistered } from '../../support/scenarios/staff-events.ts';

const given = specOf(user);
const userId = ani.id;
const enrolled = (step = 100, secret = 'sealed'): UserEvent => ({
  type: 'TotpEnrolled',
  data: { userId, secret, recoveryCodes: ['first', 'second'], step },
});
const used = (step: number): UserEvent => ({ type: 'TotpCodeUsed', data: { userId, step } });
const recovered = (recoveryCode: string): UserEvent => ({
  type: 'RecoveryCodeUsed',
  data: { userId, recoveryCode },
});

describe('use a code', () => {
  const stepOf = (step: number, secret = 'sealed'): Proof => ({ kind: 'step', secret, step });
  const use = (proof: Proof) => (state: User) => decideUseCode(state, proof);

  it('takes a later time step, once', () => {
    given(userRegistered(), enrolled(100))
      .when(use(stepOf(101)))
      .then(used(101));
    given(userRegistered(), enrolled(100), used(101))
      .when(use(stepOf(102)))
      .then(used(102));
  });
  it('refuses the same step again, an earlier one, and the one it was enrolled with', () => {
    given(userRegistered(), enrolled(100), used(102))
      .when(use(stepOf(102)))
      .thenRefused('CODE_WRONG');
    given(userRegistered(), enrolled(100), used(102))
      .when(use(stepOf(101)))
      .thenRefused('CODE_WRONG');
    given(userRegistered(), enrolled(100))
      .when(use(stepOf(100)))
      .thenRefused('CODE_WRONG');
  });
  it('refuses a code of a secret that was replaced', () =>
    given(userRegistered(), enrolled(100), enrolled(50, 'newer'))
      .when(use(stepOf(101)))
      .thenRefused('CODE_WRONG'));
  it('takes each recovery code once', () => {
    const proof: Proof = { kind: 'recovery', recoveryCode: 'first' };
    given(userRegistered(), enrolled()).when(use(proof)).then(recovered('first'));
    given(userRegistered(), enrolled(), recovered('first')).when(use(proof)).thenRefused('CODE_WRONG');
    given(userRegistered(), enrolled(), recovered('first'))
      .when(use({ kind: 'recovery', recoveryCode: 'second' }))
      .then(recovered('second'));
    given(userRegistered(), enrolled())
      .when(use({ kind: 'recovery', recoveryCode: 'other' }))
      .thenRefused('CODE_WRONG');
  });
  it('is refused without a second factor, of no one, and of who was deactivated', () => {
    given(userRegistered())
      .when(use(stepOf(101)))
      .thenRefused('SECOND_FACTOR_MISSING');
    given()
      .when(use(stepOf(101)))
      .thenRefused('USER_NOT_FOUND');
    given(userRegistered(), enrolled(), deactivated())
      .when(use(stepOf(101)))
      .thenRefused('USER_NOT_FOUND');
  });
});

describe('enrol a second factor', () => {
  const enrolment = { secret: 'sealed', recoveryCodes: ['first', 'second'], step: 100 };
  const enrol = (generation: number) => (state: User) => decideEnrol(state, { ...enrolment, generation });

  it('sets it, and replaces an older one', () => {
    given(userRegistered()).when(enrol(0)).then(enrolled());
    given(userRegistered(), enrolled(1, 'older')).when(enrol(1)).then(enrolled());
  });
  it('is refused when the account has changed since it began: so is the same confirmation again', () => {
    given(userRegistered(), { type: 'UserPasswordChanged', data: { userId, passwordHash: 'new' } })
      .when(enrol(0))
      .thenRefused('CHALLENGE_OVER');
    given(userRegistered(), enrolled()).when(enrol(0)).thenRefused('CHALLENGE_OVER');
  });
  it('is refused of no one and of who was deactivated', () => {
    given().when(enrol(0)).thenRefused('USER_NOT_FOUND');
    given(userRegistered(), deactivated()).when(enrol(1)).thenRefused('USER_NOT_FOUND');
  });
});

describe('disable the own second factor', () => {
  const disable = (required: readonly string[]) => (state: User) => decideDisable(state, new Set(required));

  it('takes it away', () =>
    given(userRegistered(), enrolled())
      .when(disable(['super_admin']))
      .then({ type: 'TotpDisabled', data: { userId } }));
  it('is refused where the role must have one, and where there is none', () => {
    given(userRegistered(), enrolled())
      .when(disable(['sales_agent']))
      .thenRefused('SECOND_FACTOR_REQUIRED');
    given(userRegistered()).when(disable([])).thenRefused('SECOND_FACTOR_MISSING');
    given(userRegistered(), enrolled(), { type: 'TotpReset', data: { userId } })
      .when(disable([]))
      .thenRefused('SECOND_FACTOR_MISSING');
  });
});

describe('reset the second factor of somebody else', () => {
  const reset =
    (by: typeof rina = rina) =>
    (state: User) =>
      decideReset(state, by, DEFAULT_PRIVILEGES);
  const done: UserEvent = { type: 'TotpReset', data: { userId } };
  const having = (...privileges: Privilege[]) => ({ ...tono, privileges: new Set(privileges) });

  it('takes it away, also of who was deactivated', () => {
    given(userRegistered(), enrolled()).when(reset()).then(done);
    given(userRegistered(), enrolled(), deactivated()).when(reset()).then(done);
    given(userRegistered(), enrolled())
      .when(reset(having('manage_users', ...DEFAULT_PRIVILEGES.sales_agent)))
      .then(done);
  });
  it('is refused of who may more than the caller', () => {
    given(userRegistered(), enrolled())
      .when(reset(having('manage_users')))
      .thenRefused('PRIVILEGE_ABOVE_OWN');
    given(userRegistered({ ...ani, role: 'team_lead' }), enrolled())
      .when(reset({ ...having('manage_users', ...DEFAULT_PRIVILEGES.team_lead), role: 'sales_agent' }))
      .thenRefused('ROLE_ABOVE_OWN');
    given(userRegistered({ ...ani, role: 'super_admin' }), enrolled())
      .when(reset(having('manage_users')))
      .thenRefused('SUPER_ADMIN_PROTECTED');
  });
  it('is refused of oneself, of no one, and where there is none', () => {
    given(userRegistered({ ...ani, role: 'super_admin' }), enrolled())
      .when(reset({ ...rina, id: userId }))
      .thenRefused('SECOND_FACTOR_OWN');
    given().when(reset()).thenRefused('USER_NOT_FOUND');
    given(userRegistered()).when(reset()).thenRefused('SECOND_FACTOR_MISSING');
  });
});
