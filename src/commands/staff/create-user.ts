/** A super admin adds a member of staff (docs/design/api.md#users). */
import { z } from 'zod';
import { because, EMPTY } from '../../domain/problems.ts';
import { Refusal } from '../../domain/refusals.ts';
import { addressOf } from '../../domain/staff/email.ts';
import { showsSomething, withoutUnseenAround } from '../../domain/words.ts';
import { staff, STAFF_ID, type Staff, type StaffEvent } from '../../domain/staff/staff.ts';
import { user, type User, type UserEvent } from '../../domain/staff/user.ts';
import { temporaryUntil } from '../../domain/staff/temporary-password.ts';
import {
  hasPasswordLength,
  MAX_PASSWORD,
  MIN_PASSWORD,
  requireGoodPassword,
} from '../../domain/staff/password.ts';
import { role, type Role, userDivision, type UserDivision } from '../../domain/vocabulary.ts';
import type { BlindIndex, Clock, Ids, Passwords } from '../../ports.ts';
import { requireReach } from '../command-scope.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { requireMayAppoint } from './granting.ts';
import { loadRoleSets } from './role-sets.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

export const email = z.string().overwrite(addressOf).max(254).check(z.email());
const LENGTH = because(
  'OUT_OF_RANGE',
  `${String(MIN_PASSWORD)} sampai ${String(MAX_PASSWORD)} karakter, tidak hanya spasi`,
  {
    minimum: MIN_PASSWORD,
    maximum: MAX_PASSWORD,
  },
);
export const password = z
  .string()
  .refine(hasPasswordLength, LENGTH)
  .meta({ minLength: MIN_PASSWORD, maxLength: MAX_PASSWORD });
export const userName = z
  .string()
  .overwrite(withoutUnseenAround)
  .min(1)
  .max(100)
  .refine(showsSomething, EMPTY);
/** The password is known to who set it, so it is temporary (docs/design/reliability.md#temporary-passwords). */
export const mustChangePassword = z
  .boolean()
  .optional()
  .meta({ description: 'The password is temporary: good for the way to an own one only, for some days.' });
export const input = z.strictObject({
  name: userName,
  email,
  password,
  role,
  division: userDivision,
  must_change_password: mustChangePassword,
});
export type CreateUserInput = z.infer<typeof input>;

/** A claim on an address is void after this when its user was never created (a crash in between). */
const CLAIM_VALID_MS = 60_000;

/** An agent and a technician must belong to one division. @throws Refusal DIVISION_REQUIRED */
export function requireDivision(of: Role, division: UserDivision): void {
  if ((of === 'sales_agent' || of === 'technician') && division === 'all') {
    throw new Refusal('DIVISION_REQUIRED', [{ path: 'division', message: 'DIVISION_REQUIRED' }]);
  }
}

/**
 * @param abandoned a user id that claims an address but does not exist
 * @throws Refusal EMAIL_TAKEN
 */
export function decideListing(
  state: Staff,
  wanted: { readonly userId: string; readonly emailKey: string; readonly superAdmin: boolean },
  abandoned: string | null,
  now: string,
): StaffEvent[] {
  const holder = state.byEmail.get(wanted.emailKey);
  if (holder?.userId === wanted.userId) return [];
  const listed: StaffEvent = { type: 'StaffListed', data: { ...wanted, listedAt: now } };
  if (!holder) return [listed];
  const stale = Date.parse(now) - Date.parse(holder.listedAt) > CLAIM_VALID_MS;
  if (holder.userId !== abandoned || !stale) throw new Refusal('EMAIL_TAKEN');
  return [{ type: 'StaffUnlisted', data: { userId: holder.userId } }, listed];
}

export function decideRegistration(
  state: User,
  registration: Extract<UserEvent, { type: 'UserRegistered' }>['data'],
): UserEvent[] {
  return state.status === 'absent' ? [{ type: 'UserRegistered', data: registration }] : [];
}

/** @param isTemporary `must_change_password`. @param days TEMPORARY_PASSWORD_DAYS. @returns until when the password is good */
export const temporaryFor = (
  isTemporary: boolean | undefined,
  now: string,
  days: number,
): { readonly temporaryUntil?: string } =>
  isTemporary === true ? { temporaryUntil: temporaryUntil(now, days) } : {};

export const createUser = (deps: {
  handler: CommandHandler;
  clock: Clock;
  ids: Ids;
  passwords: Passwords;
  blindIndex: BlindIndex;
  temporaryPasswordDays: number;
}) => {
  const { handler, clock, ids, passwords, blindIndex, temporaryPasswordDays } = deps;
  return async (ctx: CommandContext, wanted: CreateUserInput) => {
    requireReach(ctx.caller, wanted.division);
    requireDivision(wanted.role, wanted.division);
    requireGoodPassword(wanted.password, wanted.email);
    const sets = await loadRoleSets(handler);
    requireMayAppoint(ctx.caller, wanted.role, sets);
    const eventContext = eventContextOf(ctx, clock);
    const emailKey = blindIndex('email', wanted.email);
    const passwordHash = await passwords.hash(wanted.password);

    const holder = (await handler.load(staff, STAFF_ID)).byEmail.get(emailKey)?.userId ?? null;
    const holderIsThere = holder !== null && (await handler.load(user, holder)).status !== 'absent';
    const listing = { userId: ids.next(), emailKey, superAdmin: wanted.role === 'super_admin' };
    const { events } = await handler.executeCommand(staff, STAFF_ID, eventContext, (state) =>
      decideListing(state, listing, holderIsThere ? null : holder, eventContext.at),
    );
    // With a repeated key these are the events of the first run, and so is the id.
    const userId = events.find((event) => event.type === 'StaffListed')?.data.userId ?? listing.userId;
    const { name, email: address, role: as, division } = wanted;
    const registration = { userId, name, email: address, passwordHash, role: as, division };
    const temporary = temporaryFor(wanted.must_change_password, eventContext.at, temporaryPasswordDays);
    const { position } = await handler.executeCommand(user, userId, eventContext, (state) =>
      decideRegistration(state, { ...registration, ...temporary }),
    );
    return { user_id: userId, position };
  };
};
