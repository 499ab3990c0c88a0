/** Who signed in, who tried to, and who read personal data of customers (decision 9). */
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

const FAILURES = ['unknown_account', 'deactivated', 'wrong_password', 'wrong_code', 'throttled'] as const;
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

/** What was read. A new kind is added here and is never removed. */
const READ_KINDS = [
  'inbox',
  'ticket',
  'messages',
  'attachment',
  'internal_messages',
  'history',
  'followups',
  'blast',
  'notifications',
  'analytics',
  'dead_letters',
  'live',
] as const;
export type ReadKind = (typeof READ_KINDS)[number];

export const PersonalDataRead = defineEvent('PersonalDataRead', {
  userId: z.uuid(),
  kind: z.enum(READ_KINDS),
  ticketId: z.uuid().nullable(),
  /** What else it was about: a blast, a customer, an agent; null for lists. */
  subjectId: z.string().nullable(),
  /** Names of the filters, never what was searched for. */
  filters: z.array(z.string()),
});

export const accessEvents = [SignedIn, SignedOut, SignInFailed, PersonalDataRead] as const;
export type AccessEvent = EventOf<(typeof accessEvents)[number]>;

// ---------------------------------------------------------------- rules

/** Refused when the read cannot be recorded: what only few may see, and what auditors look at. */
export const RECORDED_OR_REFUSED: ReadonlySet<ReadKind> = new Set([
  'internal_messages',
  'history',
  'dead_letters',
]);

/** One event per person, kind and subject within this time: a dashboard that polls is one reader. */
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
