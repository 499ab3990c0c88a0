/** A member of staff: who they are, what they may do, whether they are online. */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { ADMINISTRATION, privilege, type Privilege } from './privileges.ts';
import { presence, presenceReason, role, type Role, userDivision, type UserDivision } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const userStream = (userId: string): string => `user-${userId}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const about = { userId: z.uuid() };
/**
 * Of a password that somebody else chose: it opens nothing but the way to an own one, and that until then
 * (docs/design/reliability.md#temporary-passwords). Not there: the person's own.
 */
const temporaryUntil = z.iso.datetime().optional();

export const UserRegistered = defineEvent(
  'UserRegistered',
  {
    ...about,
    name: z.string(),
    email: z.string(),
    passwordHash: z.string(),
    role,
    division: userDivision,
    temporaryUntil,
  },
  { personal: ['name', 'email'], secret: ['passwordHash'] },
);
export const UserRenamed = defineEvent('UserRenamed', { ...about, name: z.string() }, { personal: ['name'] });
export const UserEmailChanged = defineEvent(
  'UserEmailChanged',
  { ...about, email: z.string() },
  { personal: ['email'] },
);
export const UserPasswordChanged = defineEvent(
  'UserPasswordChanged',
  { ...about, passwordHash: z.string(), temporaryUntil },
  { secret: ['passwordHash'] },
);
export const UserRoleChanged = defineEvent('UserRoleChanged', { ...about, role });
export const UserMoved = defineEvent('UserMoved', { ...about, division: userDivision });
export const UserDeactivated = defineEvent('UserDeactivated', about);
export const UserReactivated = defineEvent('UserReactivated', about);
export const UserPrivilegesChanged = defineEvent('UserPrivilegesChanged', {
  ...about,
  granted: z.array(privilege),
  revoked: z.array(privilege),
});
/** How many open tickets routing may give them; null for no limit. */
export const UserCapacitySet = defineEvent('UserCapacitySet', {
  ...about,
  maxActiveTickets: z.int().positive().nullable(),
});
/**
 * A one-time password of an authenticator app is asked for at each sign-in from now on. `secret` is sealed for this person;
 * `recoveryCodes` are keyed hashes, each good once; `step` is the time step of the code that confirmed it.
 */
export const TotpEnrolled = defineEvent(
  'TotpEnrolled',
  { ...about, secret: z.string(), recoveryCodes: z.array(z.string()), step: z.int().nonnegative() },
  { secret: ['secret', 'recoveryCodes'] },
);
/** Codes of this time step and of earlier ones are worth nothing any more. */
export const TotpCodeUsed = defineEvent('TotpCodeUsed', { ...about, step: z.int().nonnegative() });
export const RecoveryCodeUsed = defineEvent(
  'RecoveryCodeUsed',
  { ...about, recoveryCode: z.string() },
  { secret: ['recoveryCode'] },
);
/** By the person, with password and code. */
export const TotpDisabled = defineEvent('TotpDisabled', about);
/** By somebody else: the phone is lost. */
export const TotpReset = defineEvent('TotpReset', about);
/** The staff bot knows them by this account from now on, in place of any before (docs/design/field-service.md#staff-bot). */
export const TelegramLinked = defineEvent(
  'TelegramLinked',
  { ...about, telegramId: z.string() },
  { personal: ['telegramId'] },
);
/** `blocked`: the person stopped the bot; `recipients`, who plan the visits, are told (docs/design/field-service.md#job-offers). */
export const TelegramUnlinked = defineEvent('TelegramUnlinked', {
  ...about,
  because: z.literal('blocked').optional(),
  recipients: z.array(z.uuid()).optional(),
});
export const PresenceChanged = defineEvent('PresenceChanged', {
  ...about,
  status: presence,
  /** Why they went offline, where nobody chose it: their last session ended, or none of them was heard of. */
  reason: presenceReason.optional(),
});

export const userEvents = [
  UserRegistered,
  UserRenamed,
  UserEmailChanged,
  UserPasswordChanged,
  UserRoleChanged,
  UserMoved,
  UserDeactivated,
  UserReactivated,
  UserPrivilegesChanged,
  UserCapacitySet,
  TotpEnrolled,
  TotpCodeUsed,
  RecoveryCodeUsed,
  TotpDisabled,
  TotpReset,
  TelegramLinked,
  TelegramUnlinked,
  PresenceChanged,
] as const;
export type UserEvent = EventOf<(typeof userEvents)[number]>;

// ---------------------------------------------------------------- state

/** What the person signs in with besides the password. */
export interface SecondFactor {
  /** Sealed; see `StaffSecrets`. */
  readonly secret: string;
  /** Keyed hashes of those that are not used yet. */
  readonly recoveryCodes: readonly string[];
  /** The last time step of which a code was used: only later ones are good. */
  readonly step: number;
}

export type User =
  | { readonly status: 'absent' }
  | {
      readonly status: 'active' | 'inactive';
      readonly id: string;
      readonly name: string;
      readonly email: string;
      readonly passwordHash: string;
      /** The password was chosen by somebody else and must be changed before then; null: it is the person's own. */
      readonly temporaryPasswordUntil: string | null;
      readonly role: Role;
      readonly division: UserDivision;
      readonly granted: readonly Privilege[];
      readonly revoked: readonly Privilege[];
      readonly maxActiveTickets: number | null;
      readonly secondFactor: SecondFactor | null;
      /**
       * Grows with each change that ends the sessions of this person. A session holds only while it is of the present
       * generation: what ends it is in the same stream as what it depends on, and no crash in between brings it back.
       */
      readonly sessionGeneration: number;
      readonly presence: z.infer<typeof presence>;
      /** Their account at Telegram, in digits; null: they are not linked. */
      readonly telegramId: string | null;
    };
export type ExistingUser = Exclude<User, { status: 'absent' }>;

/**
 * One of these always remains, with both privileges (docs/design/reliability.md#administration). The role cannot lose
 * them; one person can.
 */
export const isActiveSuperAdmin = ({ status, role: of, revoked }: ExistingUser): boolean =>
  status === 'active' &&
  of === 'super_admin' &&
  !ADMINISTRATION.some((privilege) => revoked.includes(privilege));

/** After these nobody who signed in before may go on: the person signs in again, with what they may do then. */
const ENDS_SESSIONS: ReadonlySet<UserEvent['type']> = new Set([
  'UserPasswordChanged',
  'UserRoleChanged',
  'UserMoved',
  'UserPrivilegesChanged',
  'UserDeactivated',
  'TotpEnrolled',
  'TotpDisabled',
  'TotpReset',
]);

// ---------------------------------------------------------------- evolve

function evolve(user: User, event: UserEvent): User {
  const after = change(user, event);
  return after.status === 'absent' || !ENDS_SESSIONS.has(event.type)
    ? after
    : { ...after, sessionGeneration: after.sessionGeneration + 1 };
}

const withoutCode = (factor: SecondFactor, used: string): SecondFactor => ({
  ...factor,
  recoveryCodes: factor.recoveryCodes.filter((one) => one !== used),
});

function change(user: User, { type, data }: UserEvent): User {
  if (type === 'UserRegistered') {
    return {
      status: 'active',
      id: data.userId,
      name: data.name,
      email: data.email,
      passwordHash: data.passwordHash,
      temporaryPasswordUntil: data.temporaryUntil ?? null,
      role: data.role,
      division: data.division,
      granted: [],
      revoked: [],
      maxActiveTickets: null,
      secondFactor: null,
      sessionGeneration: 0,
      presence: 'offline',
      telegramId: null,
    };
  }
  if (user.status === 'absent') return user;
  switch (type) {
    case 'UserRenamed':
      return { ...user, name: data.name };
    case 'UserEmailChanged':
      return { ...user, email: data.email };
    case 'UserPasswordChanged':
      return {
        ...user,
        passwordHash: data.passwordHash,
        temporaryPasswordUntil: data.temporaryUntil ?? null,
      };
    case 'UserRoleChanged':
      return { ...user, role: data.role };
    case 'UserMoved':
      return { ...user, division: data.division };
    case 'UserDeactivated':
      return { ...user, status: 'inactive', presence: 'offline' };
    case 'UserReactivated':
      return { ...user, status: 'active' };
    case 'UserPrivilegesChanged':
      return { ...user, granted: data.granted, revoked: data.revoked };
    case 'UserCapacitySet':
      return { ...user, maxActiveTickets: data.maxActiveTickets };
    case 'TotpEnrolled': {
      const { secret, recoveryCodes, step } = data;
      return { ...user, secondFactor: { secret, recoveryCodes, step } };
    }
    case 'TotpCodeUsed':
      return { ...user, secondFactor: user.secondFactor && { ...user.secondFactor, step: data.step } };
    case 'RecoveryCodeUsed':
      return {
        ...user,
        secondFactor: user.secondFactor && withoutCode(user.secondFactor, data.recoveryCode),
      };
    case 'TotpDisabled':
    case 'TotpReset':
      return { ...user, secondFactor: null };
    case 'TelegramLinked':
      return { ...user, telegramId: data.telegramId };
    case 'TelegramUnlinked':
      return { ...user, telegramId: null };
    case 'PresenceChanged':
      return { ...user, presence: data.status };
    default:
      return user;
  }
}

export const user: Aggregate<User, UserEvent> = {
  category: 'user',
  stream: userStream,
  initial: { status: 'absent' },
  evolve,
};
