/** The refresh token as a cookie of a browser, which no script of a page can read (docs/design/api.md#cookie-sessions). */
import type { Request } from 'express';
import { z } from 'zod';
import type { Caller } from '../../domain/staff/privileges.ts';
import type { BlindIndex } from '../../ports.ts';
import { HttpError } from '../framework/errors.ts';

/** Where the refresh token of a sign-in goes: `body` where nothing is said. */
export const transport = z.enum(['body', 'cookie']).optional().meta({
  description:
    '`cookie`, for browsers: the refresh token comes as an HttpOnly cookie and is no member of the answer.',
  example: 'body',
});
export type TokenTransport = z.infer<typeof transport>;

const NAME = '__Secure-saga-refresh';
/** Not even another path of this API gets it. */
const ATTRIBUTES = 'Path=/api/auth; HttpOnly; Secure; SameSite=Strict';
/** No session lives longer (docs/design/api.md#sessions-and-tokens). */
const MAX_AGE_SECONDS = 30 * 24 * 3600;

/** Says which technician is signed in; only the page on which customers rate gets it (docs/design/field-service.md#ratings). */
const TECHNICIAN = '__Secure-saga-technician';
const OF_RATINGS = 'Path=/r; HttpOnly; Secure; SameSite=Strict';

/** The headers `Set-Cookie` that take the cookies away. */
export const NO_COOKIES: readonly string[] = [
  `${NAME}=; Max-Age=0; ${ATTRIBUTES}`,
  `${TECHNICIAN}=; Max-Age=0; ${OF_RATINGS}`,
];

const cookieOf = (refreshToken: string): string =>
  `${NAME}=${refreshToken}; Max-Age=${String(MAX_AGE_SECONDS)}; ${ATTRIBUTES}`;

const sealOf = (blindIndex: BlindIndex, userId: string): string => blindIndex('technician-cookie', userId);

/** The header `Set-Cookie` by which a browser is known as this technician's; none of anybody else. */
export const technicianCookies = (
  blindIndex: BlindIndex,
  { id, role }: Pick<Caller, 'id' | 'role'>,
): readonly string[] =>
  role === 'technician'
    ? [`${TECHNICIAN}=${id}.${sealOf(blindIndex, id)}; Max-Age=${String(MAX_AGE_SECONDS)}; ${OF_RATINGS}`]
    : [];

/** The technician who signed in with this browser last, and not out; null: nobody, or we did not make the cookie. */
export function technicianOfCookie(blindIndex: BlindIndex, req: Request): string | null {
  const [id = '', seal = ''] = cookieIn(req, TECHNICIAN)?.split('.') ?? [];
  return id !== '' && seal === sealOf(blindIndex, id) ? id : null;
}

/**
 * An answer with tokens, its refresh token where the client wants it.
 * @param more further cookies of a browser
 */
export function delivered<T extends { readonly refresh_token: string }>(
  answer: T,
  how: TokenTransport,
  more: readonly string[] = [],
): {
  readonly data: Omit<T, 'refresh_token'> & { refresh_token?: string };
  readonly cookie?: readonly string[];
} {
  if (how !== 'cookie') return { data: answer };
  const { refresh_token, ...data } = answer;
  return { data, cookie: [cookieOf(refresh_token), ...more] };
}

/** Does the browser hold one of our cookies? */
export const hasCookie = (req: Request): boolean => cookieIn(req, NAME) !== null;

function cookieIn(req: Request, wanted: string): string | null {
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const [name, ...value] = pair.trim().split('=');
    if (name === wanted && value.join('=') !== '') return value.join('=');
  }
  return null;
}

/**
 * The refresh token of the cookie; null where there is none. A browser sends the cookie whoever makes it ask, but no
 * page of an origin that is not ours can make it send this header.
 * @throws HttpError CLIENT_HEADER_MISSING
 */
export function refreshTokenOfCookie(req: Request): string | null {
  const token = cookieIn(req, NAME);
  if (token !== null && (req.get('x-saga-client') ?? '').trim() === '')
    throw new HttpError('CLIENT_HEADER_MISSING');
  return token;
}
