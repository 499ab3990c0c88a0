/** Who manages users gives nobody more than they have themselves (docs/design/reliability.md#administration). */
import { effectivePrivileges, type Caller, type Privilege } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { ExistingUser } from '../../domain/staff/user.ts';
import type { Role } from '../../domain/vocabulary.ts';

/** The person who changes something. */
export type Granter = Pick<Caller, 'role' | 'privileges'>;
/** What each role may now. */
export type RoleSets = Readonly<Record<Role, readonly Privilege[]>>;

const RANK: Readonly<Record<Role, number>> = {
  viewer: 0,
  technician: 0,
  dispatcher: 1,
  sales_agent: 1,
  team_lead: 2,
  super_admin: 3,
};

const isSuperAdmin = ({ role }: { readonly role: Role }): boolean => role === 'super_admin';
const forbidden = (code: 'ROLE_ABOVE_OWN' | 'PRIVILEGE_ABOVE_OWN', path: string): Refusal =>
  new Refusal(code, [{ path, message: code }]);

/** @throws Refusal ROLE_ABOVE_OWN */
export function requireRank(by: Granter, role: Role): void {
  if (RANK[role] > RANK[by.role]) throw forbidden('ROLE_ABOVE_OWN', 'role');
}

/** @throws Refusal PRIVILEGE_ABOVE_OWN */
export function requireHeld(by: Granter, privileges: readonly Privilege[], path: string): void {
  if (isSuperAdmin(by) || privileges.every((one) => by.privileges.has(one))) return;
  throw forbidden('PRIVILEGE_ABOVE_OWN', path);
}

/** A new person of a role gets all that the role has. @throws Refusal ROLE_ABOVE_OWN, PRIVILEGE_ABOVE_OWN */
export function requireMayAppoint(by: Granter, role: Role, sets: RoleSets): void {
  requireRank(by, role);
  requireHeld(by, sets[role], 'role');
}

const without = (all: readonly Privilege[], some: readonly Privilege[]): Privilege[] =>
  all.filter((one) => !some.includes(one));

/**
 * A new password or address, or one factor less, is a way to act as that person, and a reactivation gives them all they had: these need
 * everything that the person may. Other changes need what the person gains.
 *
 * @throws Refusal SUPER_ADMIN_PROTECTED, ROLE_ABOVE_OWN, PRIVILEGE_ABOVE_OWN
 */
export function requireAuthorityOver(
  by: Granter,
  before: ExistingUser,
  after: ExistingUser,
  sets: RoleSets,
): void {
  if (isSuperAdmin(by)) return;
  if (isSuperAdmin(before)) throw new Refusal('SUPER_ADMIN_PROTECTED');
  requireRank(by, before.role);
  requireRank(by, after.role);
  const had = effectivePrivileges(before.role, sets[before.role], before);
  const has = effectivePrivileges(after.role, sets[after.role], after);
  const takesOver =
    after.passwordHash !== before.passwordHash ||
    after.email !== before.email ||
    (before.secondFactor !== null && after.secondFactor === null) ||
    (before.status === 'inactive' && after.status === 'active');
  requireHeld(by, takesOver ? has : without(has, had), 'privileges');
  // Also one that the role has already: it would stay when the role loses it.
  requireHeld(by, without(after.granted, before.granted), 'privileges.granted');
}
