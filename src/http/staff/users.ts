/**
 * Area: staff and what each role may (docs/design/api.md#users and docs/design/api.md#roles-and-privileges). Changes
 * hold from the person's next request on.
 */
import { z } from 'zod';
import { because } from '../../domain/problems.ts';
import { input as createInput } from '../../commands/staff/create-user.ts';
import { newPassword } from '../../commands/staff/change-password.ts';
import { members as patchMembers } from '../../commands/staff/patch-user.ts';
import { input as privilegesInput } from '../../commands/staff/set-privileges.ts';
import { type Caller, covers, privilege } from '../../domain/staff/privileges.ts';
import { role } from '../../domain/vocabulary.ts';
import { listStaffRecords, rolePrivileges, type StaffRecord } from '../../projections/staff/users.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, userObject } from '../framework/schemas.ts';
import { LONGEST_PASSWORD, oneTimeCode, originOf, requireAllFactors } from './credentials.ts';
import { answerOf } from '../framework/command-route.ts';

const TAG = 'Administration';
const privilegesData = z.strictObject({ role, privileges: z.array(privilege) });

const userOf = (
  { id: userId, name, email, role: is, division, presence, active, privileges: may, ...record }: StaffRecord,
  seen: ReadonlyMap<string, Date>,
): z.infer<typeof userObject> => ({
  id: userId,
  name,
  email,
  role: is,
  division,
  status: presence,
  privileges: [...may],
  is_active: active,
  granted: [...record.granted],
  revoked: [...record.revoked],
  max_active_tickets: record.maxActiveTickets,
  telegram_linked: record.telegramLinked,
  created_at: record.createdAt.toISOString(),
  last_login_at: record.lastLoginAt?.toISOString() ?? null,
  last_seen_at: seen.get(userId)?.toISOString() ?? null,
  must_change_password: record.mustChangePassword,
});

/** The staff that the caller administers. */
async function staffOf({ staff, activity }: HttpContext, caller: Caller) {
  const found = (await listStaffRecords(staff)).filter(({ division }) => covers(caller, division));
  const seen = await activity.lastSeen(found.map(({ id: userId }) => userId));
  return found.map((one) => userOf(one, seen));
}

/** What the own address is changed with; of anybody else it is not asked for. */
const proof = { current_password: z.string().min(1).max(LONGEST_PASSWORD), code: oneTimeCode };
const patchInput = patchMembers
  .extend(z.object(proof).partial().shape)
  .refine(
    (patch) => Object.keys(patch).some((member) => !(member in proof)),
    because('NO_CHANGE', 'Tidak ada perubahan'),
  );
const resetInput = z.strictObject({ password: newPassword });
/** Members of a change after which the person signs in again; streams are cut even where nothing differs. */
const ENDS_SESSIONS = ['password', 'role', 'division', 'privileges', 'is_active'] as const;

export const users = route({
  method: 'get',
  path: '/api/admin/users',
  name: 'listUsers',
  tag: TAG,
  summary: 'All staff',
  description:
    'Of the divisions that the caller sees, with their presence and effective privileges, deactivated ones included.',
  access: 'manage_users',
  reads: 'users',
  status: 200,
  data: z.strictObject({ users: z.array(userObject) }),
  errors: [],
  handle: async ({ signedIn: { caller }, context }) => ({
    data: { users: await staffOf(context, caller) },
  }),
});

export const user = route({
  method: 'get',
  path: '/api/admin/users/:id',
  name: 'getUser',
  tag: TAG,
  summary: 'One member of staff',
  description: 'Of the divisions that the caller sees.',
  access: 'manage_users',
  reads: 'users',
  params: { id },
  status: 200,
  data: z.strictObject({ user: userObject }),
  errors: ['USER_NOT_FOUND'],
  examples: { id: EXAMPLE_IDS.andi },
  async handle({ params, signedIn: { caller }, context }) {
    const found = (await staffOf(context, caller)).find((one) => one.id === params.id);
    if (!found) throw new HttpError('USER_NOT_FOUND');
    return { data: { user: found } };
  },
});

export const createUser = route({
  method: 'post',
  path: '/api/admin/users',
  name: 'createUser',
  tag: TAG,
  summary: 'Add a member of staff',
  description:
    'A sales agent belongs to one division. The password has 10 to 128 characters, is none of the common ones and not the own e-mail address. ' +
    'With `must_change_password` it is temporary: the person changes it at the first sign-in, within TEMPORARY_PASSWORD_DAYS.',
  access: 'manage_users',
  body: createInput,
  status: 201,
  data: z.strictObject({ user_id: id }),
  errors: [
    'EMAIL_TAKEN',
    'DIVISION_FORBIDDEN',
    'DIVISION_REQUIRED',
    'PASSWORD_TOO_EASY',
    'ROLE_ABOVE_OWN',
    'PRIVILEGE_ABOVE_OWN',
    'BUSY',
  ],
  examples: { name: 'Dimas Prakoso', email: 'dimas@demo.saga' },
  async handle({ body, command, context }) {
    const done = await context.commands.createUser(command, body);
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
    'Any of the members, but no one their own password. The own e-mail address, which one signs in with, needs `current_password`, and `code` where there is a second factor. ' +
    'A new password, role, division or set of privileges and a deactivation end all sessions and ' +
    'streams of that person at once. `privileges` replaces what was granted to and revoked from them.' +
    ' `must_change_password` makes a new password temporary.' +
    ' The last active super admin can neither be deactivated nor given another role, nor lose `manage_users` or' +
    ' `manage_privileges`. Who is no super admin changes no super admin and gives nobody more than they have.',
  access: 'manage_users',
  params: { id },
  body: patchInput,
  status: 200,
  data: z.strictObject({ user_id: id }),
  errors: [
    'USER_NOT_FOUND',
    'EMAIL_TAKEN',
    'DIVISION_REQUIRED',
    'DIVISION_FORBIDDEN',
    'LAST_SUPER_ADMIN',
    'PRIVILEGE_NOT_GRANTABLE',
    'PASSWORD_TOO_EASY',
    'PASSWORD_OWN',
    'PASSWORD_WRONG',
    'CODE_WRONG',
    'LOGIN_THROTTLED',
    'SUPER_ADMIN_PROTECTED',
    'ROLE_ABOVE_OWN',
    'PRIVILEGE_ABOVE_OWN',
    'BUSY',
  ],
  examples: {
    id: EXAMPLE_IDS.andi,
    name: 'Andi Saputra',
    current_password: 'sapi terbang malam',
    privileges: { granted: ['manage_templates'], revoked: [] },
    role: 'sales_agent',
    division: 'sari',
    is_active: true,
  },
  async handle({
    params,
    body: { current_password: password = '', code, ...body },
    signedIn,
    command,
    req,
    info,
    context,
  }) {
    const { caller } = signedIn;
    // What is sent as it is changes nothing. Whose session was stolen keeps the account (ASVS 7.5.1).
    if (params.id === caller.id && body.email !== undefined && body.email !== caller.email.toLowerCase())
      await requireAllFactors(context, { caller, command }, { password, code }, originOf(req, info));
    const { sessionGeneration, ...done } = await context.commands.patchUser(command, params.id, body);
    // Not only when this request made the change: an earlier one may have died before it came to this.
    await context.sessions.endOlderThan(
      params.id,
      sessionGeneration,
      body.password === undefined ? 'rights' : 'password',
    );
    if (ENDS_SESSIONS.some((member) => body[member] !== undefined))
      await context.permissions.sessionsEnded(params.id);
    else await context.permissions.userChanged(params.id);
    return answerOf(done);
  },
});

export const resetPassword = route({
  method: 'post',
  path: '/api/admin/users/:id/reset-password',
  name: 'resetPassword',
  tag: TAG,
  summary: 'Give somebody a temporary password',
  description:
    'For who forgot theirs. All sessions and streams of that person end. They change it at the next sign-in, within ' +
    'TEMPORARY_PASSWORD_DAYS: until then everything but me, password, logout and refresh is 403 `PASSWORD_CHANGE_REQUIRED`. ' +
    'Who is no super admin does so for no super admin and no one who may more than they.',
  access: 'manage_users',
  params: { id },
  body: resetInput,
  status: 204,
  data: null,
  errors: [
    'USER_NOT_FOUND',
    'DIVISION_FORBIDDEN',
    'PASSWORD_TOO_EASY',
    'PASSWORD_OWN',
    'SUPER_ADMIN_PROTECTED',
    'ROLE_ABOVE_OWN',
    'PRIVILEGE_ABOVE_OWN',
    'BUSY',
  ],
  examples: { id: EXAMPLE_IDS.andi },
  async handle({ params, body, command, context }) {
    const temporary = { ...body, must_change_password: true };
    const { sessionGeneration, position } = await context.commands.patchUser(command, params.id, temporary);
    await context.sessions.endOlderThan(params.id, sessionGeneration, 'password');
    await context.permissions.sessionsEnded(params.id);
    return { data: null, position };
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
  errors: ['PRIVILEGE_NOT_GRANTABLE', 'DIVISION_FORBIDDEN', 'ROLE_ABOVE_OWN', 'PRIVILEGE_ABOVE_OWN', 'BUSY'],
  examples: { privileges: ['inbox_read', 'messages_read'], role: 'viewer' },
  async handle({ params, body, command, context }) {
    const done = await context.commands.setPrivileges(command, params.role, body);
    await context.sessions.roleChanged(params.role);
    await context.permissions.roleChanged(params.role);
    return answerOf(done);
  },
});
