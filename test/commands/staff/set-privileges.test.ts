import { decideSetPrivileges } from '../../../src/commands/staff/set-privileges.ts';
import { DEFAULT_PRIVILEGES, type Privilege, PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import { roleAggregate, type RoleEvent, type RoleState } from '../../../src/domain/staff/role.ts';
import type { Role } from '../../../src/domain/vocabulary.ts';
import type { Granter } from '../../../src/commands/staff/granting.ts';
import { rina } from '../../support/scenarios/people.ts';
import { specOf } from '../../support/scenarios/given.ts';

const given = specOf(roleAggregate);
const set =
  (role: Role, privileges: readonly Privilege[], by: Granter = rina) =>
  (state: RoleState) =>
    decideSetPrivileges(state, role, privileges, by);
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

  const lead: Granter = {
    role: 'team_lead',
    privileges: new Set(['manage_privileges', 'inbox_read', 'tag']),
  };
  it('gives a role nothing that the granter does not have', () => {
    given()
      .when(set('viewer', ['inbox_read', 'messages_read', 'export'], lead))
      .thenRefused('PRIVILEGE_ABOVE_OWN', { path: 'privileges', message: 'PRIVILEGE_ABOVE_OWN' });
    given()
      .when(set('viewer', ['inbox_read', 'messages_read', 'tag'], lead))
      .thenOnce(changed('viewer', ['inbox_read', 'messages_read', 'tag']));
    // What it lost is given as well.
    given(changed('viewer', ['inbox_read']))
      .when(set('viewer', DEFAULT_PRIVILEGES.viewer, lead))
      .thenRefused('PRIVILEGE_ABOVE_OWN');
  });
  it('changes no role above that of the granter', () => {
    given()
      .when(set('super_admin', ['manage_users', 'manage_privileges'], lead))
      .thenRefused('ROLE_ABOVE_OWN', { path: 'role', message: 'ROLE_ABOVE_OWN' });
    given()
      .when(set('team_lead', ['tag'], { ...lead, role: 'sales_agent' }))
      .thenRefused('ROLE_ABOVE_OWN');
  });
});
