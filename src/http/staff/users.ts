/**
 * Area: staff and what each role may (docs/design/api.md#users and docs/design/api.md#roles-and-privileges). Changes
 * hold from the person's next request on.
 */
import { z } from 'zod';
import { input as createInput } from '../../commands/staff/create-user.ts';
import { input as patchInput } from '../../commands/staff/patch-user.ts';
import { input as privilegesInput } from '../../commands/staff/set-privileges.ts';
import { privilege } from '../../domain/staff/privileges.ts';
import { role } from '../../domain/vocabulary.ts';
import { listUsers, rolePrivileges, type StaffMember } from '../../projections/staff/users.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, userObject } from '../framework/schemas.ts';
import { answerOf } from '../framework/command-route.ts';
import { settled } from './settled.ts';

const TAG = 'Administration';
const privilegesData = z.strictObject({ role, privileges: z.array(privilege) });

const userOf = ({
  presence,
  active,
  privileges: may,
  ...member
}: StaffMember): z.infer<typeof userObject> => ({
  ...member,
  status: presence,
  is_active: active,
  privileges: [...may],
});
export const users = route({
  method: 'get',
  path: '/api/admin/users',
  name: 'listUsers',
  tag: TAG,
  summary: 'All staff',
  description: 'With their presence and their effective privileges, deactivated ones included.',
  access: 'manage_users',
  status: 200,
  data: z.strictObject({ users: z.array(userObject) }),
  errors: [],
  handle: async ({ context }) => ({ data: { users: (await listUsers(context.staff)).map(userOf) } }),
});

export const createUser = route({
  method: 'post',
  path: '/api/admin/users',
  name: 'createUser',
  tag: TAG,
  summary: 'Add a member of staff',
  description: 'A sales agent belongs to one division. The password is at least 10 characters.',
  access: 'manage_users',
  body: createInput,
  status: 201,
  data: z.strictObject({ user_id: id }),
  errors: ['EMAIL_TAKEN', 'DIVISION_REQUIRED', 'BUSY'],
  examples: { name: 'Dimas Prakoso', email: 'dimas@demo.saga' },
  async handle({ body, command, signedIn, context }) {
    const done = await context.commands.createUser(command, body);
    await settled(context, signedIn.caller, done.position);
    await context.permissions.userChanged(done.user_id);
    return answerOf(done);
  },
});

export const patchUser = route({
  method: 'patch',
  path: '/api/admin/users/:id',
  name: 'patchUser',
  tag: TAG,
  summary: 'Change a member of staff',
  description:
    'Any of the members. A new password ends all sessions of that person. `privileges` replaces what was granted ' +
    'to and revoked from them. The last active super admin can neither be deactivated nor given another role.',
  access: 'manage_users',
  params: { id },
  body: patchInput,
  status: 200,
  data: z.strictObject({ user_id: id }),
  errors: [
    'USER_NOT_FOUND',
    'EMAIL_TAKEN',
    'DIVISION_REQUIRED',
    'LAST_SUPER_ADMIN',
    'PRIVILEGE_NOT_GRANTABLE',
    'BUSY',
  ],
  examples: {
    id: EXAMPLE_IDS.andi,
    name: 'Andi Saputra',
    privileges: { granted: ['manage_templates'], revoked: [] },
    role: 'sales_agent',
    division: 'sari',
    is_active: true,
  },
  async handle({ params, body, command, signedIn, context }) {
    const done = await context.commands.patchUser(command, params.id, body);
    await settled(context, signedIn.caller, done.position);
    if (body.password !== undefined) {
      const ended = await context.sessions.endAllOf(params.id, 'password');
      await Promise.all(ended.map((sessionId) => context.permissions.sessionEnded(sessionId)));
    }
    await context.permissions.userChanged(params.id);
    return answerOf(done);
  },
});

export const privileges = route({
  method: 'get',
  path: '/api/admin/privileges/:role',
  name: 'getPrivileges',
  tag: TAG,
  summary: 'What a role may',
  description: 'The set of the role, before what single persons were granted or revoked.',
  access: 'manage_privileges',
  params: { role },
  status: 200,
  data: privilegesData,
  errors: [],
  examples: { privileges: ['inbox_read', 'messages_read'], role: 'viewer' },
  handle: async ({ params, context }) => ({
    data: { role: params.role, privileges: [...(await rolePrivileges(context.staff, params.role))] },
  }),
});

export const setPrivileges = route({
  method: 'post',
  path: '/api/admin/privileges/:role',
  name: 'setPrivileges',
  tag: TAG,
  summary: 'Set what a role may',
  description:
    'Replaces the set. Viewers can never be given the internal notes; super admins keep `manage_privileges` and ' +
    '`manage_users`, or nobody could undo it.',
  access: 'manage_privileges',
  params: { role },
  body: privilegesInput,
  status: 200,
  data: privilegesData,
  errors: ['PRIVILEGE_NOT_GRANTABLE', 'BUSY'],
  examples: { privileges: ['inbox_read', 'messages_read'], role: 'viewer' },
  async handle({ params, body, command, signedIn, context }) {
    const done = await context.commands.setPrivileges(command, params.role, body);
    await settled(context, signedIn.caller, done.position);
    await context.permissions.roleChanged();
    return answerOf(done);
  },
});
