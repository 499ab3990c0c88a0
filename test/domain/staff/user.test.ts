import { expect } from 'chai';
import { isActiveSuperAdmin, user, type UserEvent } from '../../../src/domain/staff/user.ts';
import { roleAggregate } from '../../../src/domain/staff/role.ts';
import { fold } from '../../support/scenarios/given.ts';
import { ani } from '../../support/scenarios/people.ts';
import { deactivated, presenceChanged, userRegistered } from '../../support/scenarios/staff-events.ts';

const userId = ani.id;
const UNTIL = '2026-12-07T03:00:00.000Z';
const registered = {
  status: 'active',
  id: userId,
  name: 'Ani',
  email: 'ani@demo.saga',
  passwordHash: 'hash',
  temporaryPasswordUntil: null,
  role: 'sales_agent',
  division: 'sari',
  granted: [],
  revoked: [],
  maxActiveTickets: null,
  secondFactor: null,
  sessionGeneration: 0,
  presence: 'offline',
  telegramId: null,
} as const;

describe('a user as their events leave them', () => {
  it('lives on a stream of their own', () => {
    expect(user.stream(userId)).to.equal(`user-${userId}`);
    expect(user.category).to.equal('user');
  });
  it('is active and offline once registered', () =>
    expect(fold(user, [userRegistered()])).to.deep.equal(registered));
  it('has what was changed last', () => {
    const all: readonly (readonly [UserEvent, object])[] = [
      [{ type: 'UserRenamed', data: { userId, name: 'B' } }, { name: 'B' }],
      [{ type: 'UserEmailChanged', data: { userId, email: 'b' } }, { email: 'b' }],
      [
        { type: 'UserPasswordChanged', data: { userId, passwordHash: 'b' } },
        { passwordHash: 'b', sessionGeneration: 1 },
      ],
      [
        { type: 'UserPasswordChanged', data: { userId, passwordHash: 'b', temporaryUntil: UNTIL } },
        { passwordHash: 'b', temporaryPasswordUntil: UNTIL, sessionGeneration: 1 },
      ],
      [
        { type: 'UserRoleChanged', data: { userId, role: 'viewer' } },
        { role: 'viewer', sessionGeneration: 1 },
      ],
      [
        { type: 'UserMoved', data: { userId, division: 'savi' } },
        { division: 'savi', sessionGeneration: 1 },
      ],
      [
        { type: 'UserPrivilegesChanged', data: { userId, granted: ['tag'], revoked: ['reply'] } },
        { granted: ['tag'], revoked: ['reply'], sessionGeneration: 1 },
      ],
      [{ type: 'UserCapacitySet', data: { userId, maxActiveTickets: 3 } }, { maxActiveTickets: 3 }],
      [
        { type: 'TotpEnrolled', data: { userId, secret: 's', recoveryCodes: ['a', 'b'], step: 7 } },
        { secondFactor: { secret: 's', recoveryCodes: ['a', 'b'], step: 7 }, sessionGeneration: 1 },
      ],
      [{ type: 'TotpCodeUsed', data: { userId, step: 8 } }, { secondFactor: null }],
      [{ type: 'RecoveryCodeUsed', data: { userId, recoveryCode: 'a' } }, { secondFactor: null }],
      [{ type: 'TotpDisabled', data: { userId } }, { sessionGeneration: 1 }],
      [{ type: 'TotpReset', data: { userId } }, { sessionGeneration: 1 }],
      [presenceChanged('online'), { presence: 'online' }],
      [deactivated(), { status: 'inactive', sessionGeneration: 1 }],
    ];
    for (const [event, change] of all)
      expect(fold(user, [userRegistered(), event]), event.type).to.deep.equal({ ...registered, ...change });
  });
  it('has a temporary password until they chose one themselves', () => {
    const { type, data } = userRegistered();
    const hired: UserEvent = { type, data: { ...data, temporaryUntil: UNTIL } };
    expect(fold(user, [hired])).to.include({ temporaryPasswordUntil: UNTIL });
    const own: UserEvent = { type: 'UserPasswordChanged', data: { userId, passwordHash: 'b' } };
    expect(fold(user, [hired, own])).to.include({ temporaryPasswordUntil: null });
  });
  it('goes offline when deactivated, and comes back offline', () => {
    const gone = fold(user, [userRegistered(), presenceChanged('online'), deactivated()]);
    expect(gone).to.include({ status: 'inactive', presence: 'offline' });
    expect(user.evolve(gone, { type: 'UserReactivated', data: { userId } })).to.deep.equal({
      ...registered,
      sessionGeneration: 1,
    });
  });
  it('who was never registered ignores every other event, and nobody minds what is new', () => {
    expect(fold(user, [deactivated()])).to.deep.equal({ status: 'absent' });
    const state = fold(user, [userRegistered()]);
    expect(user.evolve(state, { type: 'SomethingNew', data: {} } as never)).to.equal(state);
  });
});

describe('a role as its events leave it', () => {
  it('has its defaults until its privileges are set', () => {
    expect(roleAggregate.stream('viewer')).to.equal('role-viewer');
    expect(roleAggregate.category).to.equal('role');
    expect(roleAggregate.initial).to.deep.equal({ privileges: null });
    expect(
      fold(roleAggregate, [{ type: 'RolePrivilegesSet', data: { role: 'viewer', privileges: ['tag'] } }]),
    ).to.deep.equal({ privileges: ['tag'] });
  });
});

describe('an active super admin', () => {
  it('is a super admin who was not deactivated', () => {
    const one = (role: 'super_admin' | 'team_lead', status: 'active' | 'inactive') =>
      isActiveSuperAdmin({ ...registered, role, status });
    expect(one('super_admin', 'active')).to.equal(true);
    expect(one('super_admin', 'inactive')).to.equal(false);
    expect(one('team_lead', 'active')).to.equal(false);
  });
});
