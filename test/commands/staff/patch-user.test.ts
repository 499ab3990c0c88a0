import { expect } from 'chai';
import {
  decideAppointment,
  decideEmailChange,
  decidePatchUser,
  decideStandDown,
  type PatchUserInput,
} from '../../../src/commands/staff/patch-user.ts';
import type { Granter } from '../../../src/commands/staff/granting.ts';
import {
  type Caller,
  DEFAULT_PRIVILEGES,
  effectivePrivileges,
  type Privilege,
  PRIVILEGES,
} from '../../../src/domain/staff/privileges.ts';
import { Refusal } from '../../../src/domain/refusals.ts';
import { type Staff, staff, type StaffEvent } from '../../../src/domain/staff/staff.ts';
import { type User, user, type UserEvent } from '../../../src/domain/staff/user.ts';
import { type Role, ROLES } from '../../../src/domain/vocabulary.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, rina, tono, vera } from '../../support/scenarios/people.ts';
import { deactivated, presenceChanged, userRegistered } from '../../support/scenarios/staff-events.ts';

const given = specOf(user);
const userId = ani.id;
type Changes = Omit<PatchUserInput, 'password'> & {
  readonly passwordHash?: string;
  readonly temporaryUntil?: string;
};
const UNTIL = '2026-07-10T10:00:00.000Z';
const patch =
  (changes: Changes, by: Granter & Pick<Caller, 'id'> = rina) =>
  (state: User) =>
    decidePatchUser(state, changes, by, DEFAULT_PRIVILEGES);
const privileges = (
  granted: Extract<UserEvent, { type: 'UserPrivilegesChanged' }>['data']['granted'],
  revoked: typeof granted = [],
): UserEvent => ({ type: 'UserPrivilegesChanged', data: { userId, granted, revoked } });

describe('patch a user', () => {
  const one: readonly (readonly [Changes, UserEvent])[] = [
    [{ name: 'Ani Baru' }, { type: 'UserRenamed', data: { userId, name: 'Ani Baru' } }],
    [{ email: 'b@demo.saga' }, { type: 'UserEmailChanged', data: { userId, email: 'b@demo.saga' } }],
    [{ passwordHash: 'other' }, { type: 'UserPasswordChanged', data: { userId, passwordHash: 'other' } }],
    [
      { passwordHash: 'other', temporaryUntil: UNTIL },
      { type: 'UserPasswordChanged', data: { userId, passwordHash: 'other', temporaryUntil: UNTIL } },
    ],
    [{ role: 'team_lead' }, { type: 'UserRoleChanged', data: { userId, role: 'team_lead' } }],
    [{ division: 'savi' }, { type: 'UserMoved', data: { userId, division: 'savi' } }],
    [{ is_active: false }, { type: 'UserDeactivated', data: { userId } }],
    [{ max_active_tickets: 5 }, { type: 'UserCapacitySet', data: { userId, maxActiveTickets: 5 } }],
    [{ privileges: { granted: ['export'], revoked: [] } }, privileges(['export'])],
    [{ privileges: { granted: [], revoked: ['tag'] } }, privileges([], ['tag'])],
  ];
  for (const [changes, event] of one)
    it(`makes ${event.type} of ${JSON.stringify(changes)}, once`, () =>
      given(userRegistered()).when(patch(changes)).thenOnce(event));

  it('sets no own password: who has a stolen session would', () => {
    given(userRegistered(rina))
      .when(patch({ passwordHash: 'other' }))
      .thenRefused('PASSWORD_OWN');
    given(userRegistered(rina))
      .when(patch({ name: 'Rina Baru' }))
      .thenOnce({ type: 'UserRenamed', data: { userId: rina.id, name: 'Rina Baru' } });
  });
  it('makes one event for each thing that differs, in one order', () =>
    given(userRegistered())
      .when(patch({ name: 'Ani Baru', email: 'ani@demo.saga', role: 'viewer', is_active: false }))
      .thenOnce(
        { type: 'UserRenamed', data: { userId, name: 'Ani Baru' } },
        { type: 'UserRoleChanged', data: { userId, role: 'viewer' } },
        deactivated(),
      ));
  it('brings a user back', () => {
    given(userRegistered(), deactivated())
      .when(patch({ is_active: true }))
      .thenOnce({ type: 'UserReactivated', data: { userId } });
    given(userRegistered(), deactivated())
      .when(patch({ is_active: false }))
      .then();
    given(userRegistered(), deactivated())
      .when(patch({ name: 'Ani' }))
      .then();
  });
  it('takes the limit of tickets away with null', () =>
    given(userRegistered(), { type: 'UserCapacitySet', data: { userId, maxActiveTickets: 5 } })
      .when(patch({ max_active_tickets: null }))
      .thenOnce({ type: 'UserCapacitySet', data: { userId, maxActiveTickets: null } }));
  it('looks at privileges as sets', () => {
    given(userRegistered(), privileges(['export', 'assign']))
      .when(patch({ privileges: { granted: ['assign', 'export'], revoked: [] } }))
      .then();
    given(userRegistered(), privileges(['export', 'assign']))
      .when(patch({ privileges: { granted: ['assign', 'tag'], revoked: [] } }))
      .thenOnce(privileges(['assign', 'tag']));
    given(userRegistered(), privileges(['export']))
      .when(patch({ privileges: { granted: ['export', 'tag'], revoked: [] } }))
      .thenOnce(privileges(['export', 'tag']));
  });
  it('takes an agent who becomes a viewer offline: a viewer gets no tickets', () => {
    const changed: UserEvent = { type: 'UserRoleChanged', data: { userId, role: 'viewer' } };
    given(userRegistered(), presenceChanged('online'))
      .when(patch({ role: 'viewer' }))
      .thenOnce(changed, presenceChanged('offline'));
    given(userRegistered())
      .when(patch({ role: 'viewer' }))
      .thenOnce(changed);
    given(userRegistered(), presenceChanged('online'))
      .when(patch({ role: 'team_lead' }))
      .thenOnce({ type: 'UserRoleChanged', data: { userId, role: 'team_lead' } });
  });
  it('of an agent who becomes a viewer and leaves says once that they are gone', () =>
    given(userRegistered(), presenceChanged('online'))
      .when(patch({ role: 'viewer', is_active: false }))
      .thenOnce({ type: 'UserRoleChanged', data: { userId, role: 'viewer' } }, deactivated()));
  it('is refused for a user who does not exist', () =>
    given()
      .when(patch({ name: 'x' }))
      .thenRefused('USER_NOT_FOUND'));
  it('is refused where an agent would belong to no division', () => {
    given(userRegistered())
      .when(patch({ division: 'all' }))
      .thenRefused('DIVISION_REQUIRED');
    given(userRegistered(rina))
      .when(patch({ role: 'sales_agent' }))
      .thenRefused('DIVISION_REQUIRED');
  });
  it('never gives a viewer the internal notes', () => {
    const l2 = { privileges: { granted: ['internal_read' as const], revoked: [] } };
    given(userRegistered(vera)).when(patch(l2)).thenRefused('PRIVILEGE_NOT_GRANTABLE', {
      path: 'privileges.granted',
      message: 'PRIVILEGE_NOT_GRANTABLE',
    });
    given(userRegistered())
      .when(patch({ ...l2, role: 'viewer' }))
      .thenRefused('PRIVILEGE_NOT_GRANTABLE');
    given(userRegistered())
      .when(patch(l2))
      .thenOnce(privileges(['internal_read']));
  });
});

const granter = (role: Role, ...more: Privilege[]): Granter & Pick<Caller, 'id'> => ({
  id: 'somebody',
  role,
  privileges: new Set([...DEFAULT_PRIVILEGES[role], 'manage_users', ...more]),
});

describe('who manages users', () => {
  const lead = granter('team_lead');
  const granted = (...all: Privilege[]) => ({ privileges: { granted: all, revoked: [] } });

  it('gives no privilege that they do not have', () => {
    given(userRegistered())
      .when(patch(granted('customer_erase'), lead))
      .thenRefused('PRIVILEGE_ABOVE_OWN', { path: 'privileges', message: 'PRIVILEGE_ABOVE_OWN' });
    given(userRegistered())
      .when(patch(granted('customer_erase'), granter('team_lead', 'customer_erase')))
      .thenOnce(privileges(['customer_erase']));
    given(userRegistered())
      .when(patch(granted('export'), lead))
      .thenOnce(privileges(['export']));
  });
  it('gives none that the role has today and may lose tomorrow', () =>
    given(userRegistered())
      .when(patch(granted('self_takeover'), lead))
      .thenRefused('PRIVILEGE_ABOVE_OWN', { path: 'privileges.granted', message: 'PRIVILEGE_ABOVE_OWN' }));
  it('gives back nothing that they do not have', () =>
    given(userRegistered(), privileges([], ['self_takeover']))
      .when(patch(granted(), lead))
      .thenRefused('PRIVILEGE_ABOVE_OWN'));
  it('leaves what somebody had before', () =>
    given(userRegistered(), privileges(['customer_erase']))
      .when(patch(granted('customer_erase', 'export'), lead))
      .thenOnce(privileges(['customer_erase', 'export'])));
  it('gives no role above their own, and changes nobody of such a role', () => {
    given(userRegistered())
      .when(patch({ role: 'team_lead' }, granter('sales_agent')))
      .thenRefused('ROLE_ABOVE_OWN', { path: 'role', message: 'ROLE_ABOVE_OWN' });
    given(userRegistered())
      .when(patch({ role: 'super_admin', division: 'all' }, lead))
      .thenRefused('ROLE_ABOVE_OWN');
    given(userRegistered(tono))
      .when(patch({ name: 'Lain' }, granter('sales_agent')))
      .thenRefused('ROLE_ABOVE_OWN');
    given(userRegistered(tono))
      .when(patch({ role: 'viewer' }, granter('sales_agent')))
      .thenRefused('ROLE_ABOVE_OWN');
  });
  it('gives no role that may more than they', () =>
    given(userRegistered(vera))
      .when(patch({ role: 'sales_agent' }, lead))
      .thenRefused('PRIVILEGE_ABOVE_OWN'));
  it('changes nothing about a super admin', () => {
    const all: Changes[] = [
      { name: 'Lain' },
      { email: 'lain@demo.saga' },
      { passwordHash: 'other' },
      { role: 'viewer' },
      { division: 'savi' },
      { is_active: false },
      { max_active_tickets: 1 },
      granted(),
    ];
    for (const changes of all)
      given(userRegistered(rina))
        .when(patch(changes, granter('team_lead', ...PRIVILEGES)))
        .thenRefused('SUPER_ADMIN_PROTECTED');
    given(userRegistered(rina))
      .when(patch({ name: 'Lain' }, rina))
      .thenOnce({ type: 'UserRenamed', data: { userId: rina.id, name: 'Lain' } });
  });
  it('takes over nobody who may more than they: no password, no address, no reactivation', () => {
    const more = [userRegistered(), privileges(['customer_erase'])];
    for (const changes of [{ passwordHash: 'other' }, { email: 'lain@demo.saga' }])
      given(...more)
        .when(patch(changes, granter('team_lead', 'self_takeover')))
        .thenRefused('PRIVILEGE_ABOVE_OWN');
    given(...more, deactivated())
      .when(patch({ is_active: true }, granter('team_lead', 'self_takeover')))
      .thenRefused('PRIVILEGE_ABOVE_OWN');
    given(userRegistered())
      .when(patch({ passwordHash: 'other' }, granter('team_lead', 'self_takeover')))
      .thenOnce({ type: 'UserPasswordChanged', data: { userId, passwordHash: 'other' } });
  });

  it('leaves nobody with more than they have, whatever role and single privilege they and the other have', () => {
    let allowed = 0;
    let refused = 0;
    for (const by of ROLES.filter((role) => role !== 'super_admin'))
      for (const extra of PRIVILEGES)
        for (const from of [ani, tono, vera])
          for (const role of ROLES)
            for (const grant of [null, ...PRIVILEGES]) {
              const who = granter(by, extra);
              const before = user.evolve(user.initial, userRegistered(from));
              const changes: Changes = { role, division: 'sari', ...granted(...(grant ? [grant] : [])) };
              try {
                const after = decidePatchUser(before, changes, who, DEFAULT_PRIVILEGES).reduce(
                  user.evolve,
                  before,
                );
                if (after.status === 'absent') throw new TypeError('gone');
                const gained = effectivePrivileges(after.role, DEFAULT_PRIVILEGES[after.role], after).filter(
                  (one) => !from.privileges.has(one),
                );
                for (const one of gained)
                  expect(who.privileges.has(one), `${by} ${extra} ${one}`).to.equal(true);
                allowed += 1;
              } catch (error) {
                if (!(error instanceof Refusal)) throw error;
                refused += 1;
              }
            }
    expect(allowed).to.be.above(1000);
    expect(refused).to.be.above(1000);
  });
});

describe('the staff list', () => {
  const list = specOf(staff);
  const listed = (caller: typeof ani, emailKey: string, superAdmin = false): StaffEvent => ({
    type: 'StaffListed',
    data: { userId: caller.id, emailKey, superAdmin, listedAt: '2026-07-03T10:00:00.000Z' },
  });
  const stoodDown = (caller: typeof ani): StaffEvent => ({
    type: 'SuperAdminStoodDown',
    data: { userId: caller.id },
  });
  const appointed = (caller: typeof ani): StaffEvent => ({
    type: 'SuperAdminAppointed',
    data: { userId: caller.id },
  });
  const standDown =
    (caller: typeof ani, unable: readonly (typeof ani)[] = []) =>
    (state: Staff) =>
      decideStandDown(state, caller.id, new Set(unable.map(({ id }) => id)));
  const appoint = (caller: typeof ani) => (state: Staff) => decideAppointment(state, caller.id);
  const change = (caller: typeof ani, emailKey: string) => (state: Staff) =>
    decideEmailChange(state, caller.id, emailKey);

  it('lets a super admin stand down while another one remains, once', () =>
    list(listed(rina, 'r', true), listed(tono, 't', true))
      .when(standDown(rina))
      .thenOnce(stoodDown(rina)));
  it('keeps the last super admin', () => {
    list(listed(rina, 'r', true), listed(tono, 't'))
      .when(standDown(rina))
      .thenRefused('LAST_SUPER_ADMIN');
    list(listed(rina, 'r', true), appointed(tono), stoodDown(tono))
      .when(standDown(rina))
      .thenRefused('LAST_SUPER_ADMIN');
  });
  it('does not count a super admin who can manage nothing', () =>
    list(listed(rina, 'r', true), listed(tono, 't', true))
      .when(standDown(rina, [tono]))
      .thenRefused('LAST_SUPER_ADMIN'));
  it('has nothing to say of who is no super admin', () =>
    list(listed(rina, 'r', true), listed(ani, 'a'))
      .when(standDown(ani))
      .then());
  it('appoints a super admin once', () => {
    list(listed(tono, 't')).when(appoint(tono)).thenOnce(appointed(tono));
    list(listed(tono, 't', true))
      .when(appoint(tono))
      .then();
  });
  it('gives an address to one user, and the old one is free again', () => {
    const changed: StaffEvent = { type: 'StaffEmailChanged', data: { userId: ani.id, emailKey: 'b' } };
    list(listed(ani, 'a')).when(change(ani, 'b')).thenOnce(changed);
    list(listed(ani, 'a'), changed).when(change(tono, 'b')).thenRefused('EMAIL_TAKEN');
    list(listed(ani, 'a'), listed(tono, 't'), changed)
      .when(change(tono, 'a'))
      .thenOnce({ type: 'StaffEmailChanged', data: { userId: tono.id, emailKey: 'a' } });
  });
  it('refuses an address that another user has', () =>
    list(listed(ani, 'a'), listed(tono, 't')).when(change(ani, 't')).thenRefused('EMAIL_TAKEN'));
});
