import { decideSetPrivileges } from '../../../src/commands/staff/set-privileges.ts';
import { DEFAULT_PRIVILEGES, type Privilege, PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import { roleAggregate, type RoleEvent, type RoleState } from '../../../src/domain/staff/role.ts';
import type { Role } from '../../../src/domain/vocabulary.ts';
import { specOf } from '../../support/scenarios/given.ts';

const given = specOf(roleAggregate);
const set = (role: Role, privileges: readonly Privilege[]) => (state: RoleState) =>
  decideSetPrivileges(state, role, privileges);
const changed = (role: Role, privileges: Privilege[]): RoleEvent => ({
  type: 'RolePrivilegesSet',
  data: { role, privileges },
});

describe('set the privileges of a role', () => {
  it('keeps them in the order of the list, each once', () =>
    given()
      .when(set('viewer', ['reply', 'inbox_read', 'reply']))
      .thenOnce(changed('viewer', ['inbox_read', 'reply'])));
  it('to what they are makes no event, whatever their order', () => {
    given(changed('viewer', ['inbox_read', 'reply']))
      .when(set('viewer', ['reply', 'inbox_read']))
      .then();
    given(changed('viewer', ['inbox_read']))
      .when(set('viewer', []))
      .thenOnce(changed('viewer', []));
  });
  it('to the defaults is on record where nothing was set before', () =>
    given()
      .when(set('viewer', DEFAULT_PRIVILEGES.viewer))
      .thenOnce(changed('viewer', [...DEFAULT_PRIVILEGES.viewer])));
  it('never gives a viewer the internal notes', () => {
    for (const one of ['internal_read', 'internal_write'] as const)
      given()
        .when(set('viewer', ['inbox_read', one]))
        .thenRefused('PRIVILEGE_NOT_GRANTABLE', { path: 'privileges', message: 'PRIVILEGE_NOT_GRANTABLE' });
    given()
      .when(set('team_lead', ['internal_read']))
      .thenOnce(changed('team_lead', ['internal_read']));
  });
  it('never locks the super admins out of giving them back', () => {
    for (const kept of ['manage_privileges', 'manage_users'] as const)
      given()
        .when(
          set(
            'super_admin',
            PRIVILEGES.filter((one) => one !== kept),
          ),
        )
        .thenRefused('PRIVILEGE_NOT_GRANTABLE');
    given()
      .when(set('super_admin', ['manage_users', 'manage_privileges']))
      .thenOnce(changed('super_admin', ['manage_users', 'manage_privileges']));
    given()
      .when(set('team_lead', ['reply']))
      .thenOnce(changed('team_lead', ['reply']));
  });
});
