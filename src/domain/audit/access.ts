/** Who signed in, who tried to, who read personal data or the record itself, and who was refused (decision 9). */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';

// ---------------------------------------------------------------- stream name

/** `key`: a user's id; for an address that nobody has, `unknown-` and its keyed hash. */
export const accessStream = (key: string): string => `access-${key}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

/** Keyed hash of the network address: the same address is recognised, nobody is located. */
const origin = z.string().nullable();

export const SignedIn = defineEvent('SignedIn', { userId: z.uuid(), sessionId: z.string(), origin });
export const SignedOut = defineEvent('SignedOut', { userId: z.uuid(), sessionId: z.string() });

const FAILURES = [
  'unknown_account',
  'deactivated',
  'wrong_password',
  'password_expired',
  'wrong_code',
  'throttled',
] as const;
export type SignInFailure = (typeof FAILURES)[number];
export const SignInFailed = defineEvent('SignInFailed', {
  /** Whose account it was; null where there is none. */
  userId: z.uuid().nullable(),
  /** Keyed hash of the e-mail address that was given. */
  emailKey: z.string(),
  reason: z.enum(FAILURES),
  origin,
  /** Failures of this process, of whatever account, that were too many to be recorded since the last that was. */
  unrecorded: z.int().nonnegative(),
});

/** A refresh token came again long after its use: two parties hold it. The session ended (docs/design/reliability.md#refresh-tokens). */
export const RefreshTokenReused = defineEvent('RefreshTokenReused', {
  userId: z.uuid(),
  sessionId: z.string(),
  origin,
  /** Others of this process since the last that was recorded. */
  unrecorded: z.int().nonnegative(),
});

/** Somebody who was signed in asked for what they may not see or do, or what is not there for them. */
export const AccessRefused = defineEvent('AccessRefused', {
  userId: z.uuid(),
  /** Name of the route. */
  action: z.string(),
  /** The code of the answer, a 403 or 404. */
  code: z.string(),
  ticketId: z.uuid().nullable(),
  subjectId: z.uuid().nullable(),
  origin,
  /** Others of this process since the last that was recorded. */
  unrecorded: z.int().nonnegative(),
});

/** What was read. A new kind is added here and is never removed. */
const READ_KINDS = [
  'inbox',
  'ticket',
  'customer',
  'messages',
  'attachment',
  'internal_messages',
  'search',
  'history',
  'followups',
  'blast',
  'notifications',
  'analytics',
  'dead_letters',
  'live',
  'export',
  'users',
  'audit_log',
  'admin_audit',
  'access_log',
  'line',
  'job_document',
  'job',
  'invoice',
  'rating',
] as const;
export type ReadKind = (typeof READ_KINDS)[number];

/** Of an export the person is whose link it is: the link needs no sign-in. */
export const PersonalDataRead = defineEvent(
  'PersonalDataRead',
  {
    userId: z.uuid(),
    kind: z.enum(READ_KINDS),
    ticketId: z.uuid().nullable(),
    /** What else it was about: a blast, a customer, an agent, an export; null for lists. */
    subjectId: z.string().nullable(),
    /** Names of the filters, never what was searched for. */
    filters: z.array(z.string()),
    /** Keyed hash of the phone number that was searched for: who looked for a number can be found by the number. */
    searched: z.string().nullable(),
    origin,
  },
  {
    version: 2,
    // Version 1 did not say from where, nor which number.
    upcasters: { 1: (old) => ({ ...old, searched: null, origin: null }) },
  },
);

export const accessEvents = [
  SignedIn,
  SignedOut,
  SignInFailed,
  RefreshTokenReused,
  AccessRefused,
  PersonalDataRead,
] as const;
export type AccessEvent = EventOf<(typeof accessEvents)[number]>;

// ---------------------------------------------------------------- rules

/** Refused when the read cannot be recorded: what only few may see, and what auditors look at. */
export const RECORDED_OR_REFUSED: ReadonlySet<ReadKind> = new Set([
  'internal_messages',
  // It shows notes, too.
  'search',
  'history',
  'dead_letters',
  'export',
  'audit_log',
  'admin_audit',
  'access_log',
  // Who links a line, restarts it or writes by it.
  'line',
]);

/**
 * One event per person, kind, subject and address within this time: a dashboard that polls is one reader. A search for a
 * phone number is always one of its own.
 */
export const SAME_READ_MS = 15 * 60_000;

// ---------------------------------------------------------------- state

/** Nothing is decided on it, so it has no state. */
export const access: Aggregate<null, AccessEvent> = {
  category: 'access',
  stream: accessStream,
  initial: null,
  tail: 1,
  evolve: () => null,
};
