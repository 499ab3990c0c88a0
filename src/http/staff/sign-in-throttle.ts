/**
 * How often somebody may fail to sign in (docs/design/reliability.md#signing-in-under-attack). A stranger who fails for an
 * account does not keep its owner out.
 */
import { createHash } from 'node:crypto';
import type { RateLimiter } from '../../ports.ts';

interface Limit {
  readonly key: string;
  readonly limit: number;
  readonly seconds: number;
}

const MINUTE = 60;
const HOUR = 3600;
/** A lock ends with its window; who goes on failing afterwards meets a longer one. */
const STAGES = [
  { times: 1, seconds: 15 * MINUTE },
  { times: 2, seconds: 2 * HOUR },
  { times: 4, seconds: 24 * HOUR },
] as const;
/** From all addresses together, for who comes from an address that the account was never used from. */
const ACCOUNT_WIDE = { times: 10, seconds: HOUR };
/** A known device is never locked out; it is only kept from guessing as fast as it can. */
const KNOWN_TRIES_A_MINUTE = 60;

export interface SignInThrottle {
  /** @returns seconds to wait; null: go on. `known`: the account was used from this address before */
  wait(who: SignInAttempt, known: boolean): Promise<number | null>;
  failed(who: SignInAttempt): Promise<void>;
}

/**
 * For codes of the second factor, which only who has the password may try: fewer, and bound everywhere. An address that the
 * account was used from is not bound by what fails elsewhere.
 */
const MOST_WRONG_CODES = 5;
const CODES_ACCOUNT_WIDE = { times: 3, seconds: 24 * HOUR };

export interface SignInAttempt {
  /** As it was typed, trimmed, in small letters. */
  readonly email: string;
  readonly group: string;
}

export const pairOf = ({ email, group }: SignInAttempt): string =>
  `${createHash('sha256').update(email).digest('base64url')}:${group}`;

interface Limits {
  readonly perAccount: number;
  readonly perAddress: number;
}
type Counter = Pick<RateLimiter, 'take' | 'peek'>;

/** What counts one failure: of this account from this address, and wider. */
function limitsFor(
  kind: 'login' | 'code',
  { perAccount, perAddress }: Limits,
  accountWide: { readonly times: number; readonly seconds: number },
) {
  return (who: SignInAttempt): { readonly stages: readonly Limit[]; readonly wider: readonly Limit[] } => ({
    stages: STAGES.map(({ times, seconds }) => ({
      key: `${kind}-pair:${pairOf(who)}`,
      limit: times * perAccount,
      seconds,
    })),
    wider: [
      {
        key: `${kind}-account:${createHash('sha256').update(who.email).digest('base64url')}`,
        limit: accountWide.times * perAccount,
        seconds: accountWide.seconds,
      },
      { key: `${kind}-address:${who.group}`, limit: perAddress, seconds: MINUTE },
    ],
  });
}

async function longest(limiter: Counter, limits: readonly Limit[]): Promise<number | null> {
  const answers = await Promise.all(limits.map((one) => limiter.peek(one.key, one.limit, one.seconds)));
  const waits = answers.filter(({ allowed }) => !allowed).map(({ retryAfter }) => retryAfter);
  return waits.length === 0 ? null : Math.max(...waits);
}

async function count(limiter: Counter, limits: readonly Limit[]): Promise<void> {
  await Promise.all(limits.map((one) => limiter.take(one.key, one.limit, one.seconds)));
}

export function createSignInThrottle(limiter: Counter, limits: Limits): SignInThrottle {
  const limitsOf = limitsFor('login', limits, ACCOUNT_WIDE);
  return {
    async wait(who, known) {
      const { stages, wider } = limitsOf(who);
      if (!known) return longest(limiter, [...stages, ...wider]);
      if ((await longest(limiter, stages)) === null) return null;
      const { allowed, retryAfter } = await limiter.take(
        `login-known:${pairOf(who)}`,
        KNOWN_TRIES_A_MINUTE,
        MINUTE,
      );
      return allowed ? null : retryAfter;
    },
    async failed(who) {
      const { stages, wider } = limitsOf(who);
      await count(limiter, [...stages, ...wider]);
    },
  };
}

export function createCodeThrottle(limiter: Counter, { perAccount, perAddress }: Limits): SignInThrottle {
  const few = { perAccount: Math.min(perAccount, MOST_WRONG_CODES), perAddress };
  const limitsOf = limitsFor('code', few, CODES_ACCOUNT_WIDE);
  return {
    async wait(who, known) {
      const { stages, wider } = limitsOf(who);
      return longest(limiter, known ? stages : [...stages, ...wider]);
    },
    async failed(who) {
      const { stages, wider } = limitsOf(who);
      await count(limiter, [...stages, ...wider]);
    },
  };
}
