/** A member of staff with what they may do now. Pure: the user and the role, as the event store has them, go in. */
import type { RoleState } from './role.ts';
import { DEFAULT_PRIVILEGES, effectivePrivileges, type Privilege } from './privileges.ts';
import type { ExistingUser } from './user.ts';
import type { Role, UserDivision } from '../vocabulary.ts';

export interface StaffMember {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly division: UserDivision;
  readonly presence: 'online' | 'offline';
  readonly active: boolean;
  /** Effective: of the role, plus granted, less revoked (docs/design/api.md#roles-and-privileges). */
  readonly privileges: ReadonlySet<Privilege>;
  /** Somebody else chose the password: nothing is theirs before they chose one themselves. */
  readonly mustChangePassword: boolean;
}

/** What signing in needs on top: none of it leaves the process. */
export interface Account extends StaffMember {
  readonly passwordHash: string;
  /** See `ExistingUser.temporaryPasswordUntil`. */
  readonly temporaryPasswordUntil: string | null;
  /** Is a code of an authenticator app asked for at a sign-in? */
  readonly hasSecondFactor: boolean;
  /** See `ExistingUser.sessionGeneration`: only sessions of this generation are good. */
  readonly sessionGeneration: number;
}

/** @param role the role of this user; its own set of privileges, or null for the default */
export function accountOf(user: ExistingUser, role: RoleState): Account {
  const { id, name, email, division, presence, passwordHash, temporaryPasswordUntil, sessionGeneration } =
    user;
  const ofRole = role.privileges ?? DEFAULT_PRIVILEGES[user.role];
  return {
    id,
    name,
    email,
    role: user.role,
    division,
    presence,
    active: user.status === 'active',
    privileges: new Set(effectivePrivileges(user.role, ofRole, user)),
    mustChangePassword: temporaryPasswordUntil !== null,
    passwordHash,
    temporaryPasswordUntil,
    hasSecondFactor: user.secondFactor !== null,
    sessionGeneration,
  };
}
