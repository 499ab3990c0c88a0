/** A super admin changes a member of staff: name, address, password, role, division, privileges, active or not. */
import { z } from 'zod';
import { type Caller, NEVER_GRANTED, privilege } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { staff, STAFF_ID, type Staff, type StaffEvent } from '../../domain/staff/staff.ts';
import {
  type ExistingUser,
  isActiveSuperAdmin,
  user,
  type User,
  type UserEvent,
} from '../../domain/staff/user.ts';
import { requireGoodPassword } from '../../domain/staff/password.ts';
import { isAgentRole, role, userDivision } from '../../domain/vocabulary.ts';
import type { BlindIndex, Clock, Passwords } from '../../ports.ts';
import { requireReach } from '../command-scope.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import {
  requireDivision,
  email,
  mustChangePassword,
  password,
  temporaryFor,
  userName,
} from './create-user.ts';
import { type Granter, requireAuthorityOver, type RoleSets } from './granting.ts';
import { loadRoleSets } from './role-sets.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

export const members = z
  .strictObject({
    name: userName,
    email,
    password,
    must_change_password: mustChangePassword,
    role,
    division: userDivision,
    is_active: z.boolean(),
    /** Most open tickets routing gives them; null for no limit. */
    max_active_tickets: z.int().min(1).max(1000).nullable(),
    privileges: z.strictObject({
      granted: z.array(privilege).max(100),
      revoked: z.array(privilege).max(100),
    }),
  })
  .partial();
export type PatchUserInput = z.infer<typeof members>;

type Changes = Omit<PatchUserInput, 'password' | 'must_change_password'> & {
  readonly passwordHash?: string | undefined;
  /** With a new password: until when it is good. Not there: the person's own. */
  readonly temporaryUntil?: string;
};

/** The user after the change, so that rules look at the whole. @throws Refusal DIVISION_REQUIRED, PRIVILEGE_NOT_GRANTABLE */
function applyChanges(before: ExistingUser, patch: Changes): ExistingUser {
  const active = patch.is_active ?? before.status === 'active';
  const after: ExistingUser = {
    ...before,
    name: patch.name ?? before.name,
    email: patch.email ?? before.email,
    passwordHash: patch.passwordHash ?? before.passwordHash,
    role: patch.role ?? before.role,
    division: patch.division ?? before.division,
    granted: patch.privileges?.granted ?? before.granted,
    revoked: patch.privileges?.revoked ?? before.revoked,
    maxActiveTickets:
      patch.max_active_tickets === undefined ? before.maxActiveTickets : patch.max_active_tickets,
    status: active ? 'active' : 'inactive',
  };
  requireDivision(after.role, after.division);
  if (patch.privileges?.granted.some((one) => NEVER_GRANTED[after.role].includes(one))) {
    throw new Refusal('PRIVILEGE_NOT_GRANTABLE', [
      { path: 'privileges.granted', message: 'PRIVILEGE_NOT_GRANTABLE' },
    ]);
  }
  return after;
}

/** Who has somebody's session would take the account: the own password is changed with the old one (`changePassword`). @throws Refusal PASSWORD_OWN */
function requireNotOwn(by: Pick<Caller, 'id'>, userId: string): void {
  if (by.id === userId) throw new Refusal('PASSWORD_OWN');
}

const sameElements = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

/**
 * One event for each field that differs.
 * @throws Refusal USER_NOT_FOUND, PASSWORD_OWN and those of `applyChanges` and `requireAuthorityOver`
 */
export function decidePatchUser(
  state: User,
  patch: Changes,
  by: Granter & Pick<Caller, 'id'>,
  sets: RoleSets,
): UserEvent[] {
  if (state.status === 'absent') throw new Refusal('USER_NOT_FOUND');
  if (patch.passwordHash !== undefined) requireNotOwn(by, state.id);
  const after = applyChanges(state, patch);
  requireAuthorityOver(by, state, after, sets);
  const { id: userId } = state;
  const events: UserEvent[] = [];
  if (after.name !== state.name) events.push({ type: 'UserRenamed', data: { userId, name: after.name } });
  if (after.email !== state.email)
    events.push({ type: 'UserEmailChanged', data: { userId, email: after.email } });
  if (after.passwordHash !== state.passwordHash) {
    const { temporaryUntil } = patch;
    const temporary = temporaryUntil === undefined ? {} : { temporaryUntil };
    events.push({
      type: 'UserPasswordChanged',
      data: { userId, passwordHash: after.passwordHash, ...temporary },
    });
  }
  if (after.role !== state.role) events.push({ type: 'UserRoleChanged', data: { userId, role: after.role } });
  if (after.division !== state.division)
    events.push({ type: 'UserMoved', data: { userId, division: after.division } });
  if (!sameElements(after.granted, state.granted) || !sameElements(after.revoked, state.revoked)) {
    const { granted, revoked } = after;
    events.push({
      type: 'UserPrivilegesChanged',
      data: { userId, granted: [...granted], revoked: [...revoked] },
    });
  }
  if (after.maxActiveTickets !== state.maxActiveTickets) {
    const { maxActiveTickets } = after;
    events.push({ type: 'UserCapacitySet', data: { userId, maxActiveTickets } });
  }
  // Who has no tickets has no presence, and could never go offline later.
  if (!isAgentRole(after.role) && after.status === 'active' && state.presence === 'online')
    events.push({ type: 'PresenceChanged', data: { userId, status: 'offline' } });
  if (after.status !== state.status) {
    events.push({
      type: after.status === 'active' ? 'UserReactivated' : 'UserDeactivated',
      data: { userId },
    });
  }
  return events;
}

/**
 * @param unable super admins on the list who cannot manage users and privileges (of times when that counted)
 * @throws Refusal LAST_SUPER_ADMIN
 */
export function decideStandDown(state: Staff, userId: string, unable: ReadonlySet<string>): StaffEvent[] {
  if (!state.superAdmins.has(userId)) return [];
  const others = [...state.superAdmins].filter((one) => one !== userId && !unable.has(one));
  if (others.length === 0) throw new Refusal('LAST_SUPER_ADMIN');
  return [{ type: 'SuperAdminStoodDown', data: { userId } }];
}

export function decideAppointment(state: Staff, userId: string): StaffEvent[] {
  return state.superAdmins.has(userId) ? [] : [{ type: 'SuperAdminAppointed', data: { userId } }];
}

/** @throws Refusal EMAIL_TAKEN */
export function decideEmailChange(state: Staff, userId: string, emailKey: string): StaffEvent[] {
  const holder = state.byEmail.get(emailKey);
  if (holder?.userId === userId) return [];
  if (holder) throw new Refusal('EMAIL_TAKEN');
  return [{ type: 'StaffEmailChanged', data: { userId, emailKey } }];
}

async function listedButUnable(handler: CommandHandler): Promise<ReadonlySet<string>> {
  const listed = [...(await handler.load(staff, STAFF_ID)).superAdmins];
  const users = await Promise.all(listed.map((id) => handler.load(user, id)));
  // One who is listed and not there yet is being created, or was cut short: nobody to rely on.
  return new Set(
    listed.filter((_, n) => {
      const one = users[n];
      return one === undefined || one.status === 'absent' || !isActiveSuperAdmin(one);
    }),
  );
}

export const patchUser = (deps: {
  handler: CommandHandler;
  clock: Clock;
  passwords: Passwords;
  blindIndex: BlindIndex;
  temporaryPasswordDays: number;
}) => {
  const { handler, clock, passwords, blindIndex, temporaryPasswordDays } = deps;
  return async (
    ctx: CommandContext,
    userId: string,
    { password: newPassword, must_change_password: isTemporary, ...rest }: PatchUserInput,
  ) => {
    const eventContext = eventContextOf(ctx, clock);
    const before = await handler.load(user, userId);
    if (before.status === 'absent') throw new Refusal('USER_NOT_FOUND');
    requireReach(ctx.caller, before.division);
    requireReach(ctx.caller, rest.division ?? before.division);
    if (newPassword !== undefined) requireNotOwn(ctx.caller, userId);
    if (newPassword !== undefined) requireGoodPassword(newPassword, rest.email ?? before.email);
    const patch: Changes =
      newPassword === undefined
        ? rest
        : {
            ...rest,
            passwordHash: await passwords.hash(newPassword),
            ...temporaryFor(isTemporary, eventContext.at, temporaryPasswordDays),
          };
    const sets = await loadRoleSets(handler);
    const after = applyChanges(before, patch);
    requireAuthorityOver(ctx.caller, before, after, sets);

    // The rules over all users come first: a crash in between leaves them too strict, never too loose.
    if (after.email !== before.email) {
      const emailKey = blindIndex('email', after.email);
      await handler.executeCommand(staff, STAFF_ID, eventContext, (state) =>
        decideEmailChange(state, userId, emailKey),
      );
    }
    if (isActiveSuperAdmin(before) && !isActiveSuperAdmin(after)) {
      const unable = await listedButUnable(handler);
      await handler.executeCommand(staff, STAFF_ID, eventContext, (state) =>
        decideStandDown(state, userId, unable),
      );
    }
    const { position, state: now } = await handler.executeCommand(user, userId, eventContext, (state) =>
      decidePatchUser(state, patch, ctx.caller, sets),
    );
    if (isActiveSuperAdmin(after)) {
      await handler.executeCommand(staff, STAFF_ID, eventContext, (state) =>
        decideAppointment(state, userId),
      );
    }
    return {
      user_id: userId,
      position,
      sessionGeneration: now.status === 'absent' ? 0 : now.sessionGeneration,
    };
  };
};
