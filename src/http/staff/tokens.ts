/**
 * Access tokens: JWT, one algorithm, one issuer, one audience, one type, all fixed here
 * (docs/design/reliability.md#access-tokens).
 */
import { hash } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { boundedCache } from '../../engine/bounded-cache.ts';
import { z } from 'zod';
import type { Clock } from '../../ports.ts';
import { HttpError } from '../framework/errors.ts';

const ALGORITHM = 'HS256';
const TYPE = 'at+jwt';
const ISSUER = 'saga-backend';
const AUDIENCE = 'saga-dashboard';
/** docs/design/api.md#sessions-and-tokens. A change of role or password does not wait for it (see `authority.ts`). */
export const ACCESS_SECONDS = 8 * 3600;
const MIN_SECRET_BYTES = 32;
/** Ours are under 1.5 KB. Longer ones are not worth hashing. */
const MAX_TOKEN_LENGTH = 4096;
const REMEMBERED = 20_000;

const claimsSchema = z.object({ sub: z.uuid(), sid: z.uuid(), iat: z.number(), exp: z.number() });

export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

export interface Tokens {
  issue(of: {
    readonly userId: string;
    readonly sessionId: string;
    readonly role: string;
    readonly division: string;
    readonly privileges: readonly string[];
  }): Promise<string>;
  /** @throws HttpError UNAUTHENTICATED, whatever is wrong with the token */
  verify(token: string): Promise<AccessClaims>;
}

/**
 * `secret`: HMAC key, at least 32 bytes. Role, division and privileges are in the token for the dashboard
 * to read; no check of ours trusts them. `asked`: called at each look-up with whether the token was known.
 */
export function createTokens(secret: Uint8Array, clock: Clock, asked?: (hit: boolean) => void): Tokens {
  if (secret.byteLength < MIN_SECRET_BYTES) throw new RangeError('the token secret is shorter than 32 bytes');
  // Verifying costs two thirds of a request's time (docs/design/performance.md#verified-tokens): a token that held
  // once holds until it expires. Keyed by hash, so that a memory dump of the cache is no bunch of keys.
  const verified = boundedCache<string, AccessClaims>(REMEMBERED);

  async function check(token: string): Promise<AccessClaims> {
    try {
      const { payload } = await jwtVerify(token, secret, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        requiredClaims: ['sub', 'sid', 'iat', 'exp'],
        currentDate: clock.now(),
      });
      const { sub, sid, exp } = claimsSchema.parse(payload);
      return { userId: sub, sessionId: sid, expiresAt: exp };
    } catch {
      // Why a token fails is nothing its bearer needs to know.
      throw new HttpError('UNAUTHENTICATED');
    }
  }

  return {
    issue({ userId, sessionId, role, division, privileges }) {
      const now = Math.floor(clock.now().getTime() / 1000);
      return new SignJWT({ sid: sessionId, role, division, privileges })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(now)
        .setExpirationTime(now + ACCESS_SECONDS)
        .sign(secret);
    },
    async verify(token) {
      if (token.length > MAX_TOKEN_LENGTH) throw new HttpError('UNAUTHENTICATED');
      const key = hash('sha256', token, 'base64');
      const remembered = verified.get(key);
      asked?.(remembered !== undefined);
      const known = remembered ?? (await check(token));
      if (known.expiresAt * 1000 <= clock.now().getTime()) throw new HttpError('UNAUTHENTICATED');
      verified.set(key, known);
      return known;
    },
  };
}
