/** The refresh token as a cookie of a browser, which no script of a page can read (docs/design/api.md#cookie-sessions). */
import type { Request } from 'express';
import { z } from 'zod';
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

/** The header `Set-Cookie` that takes the cookie away. */
export const NO_COOKIE = `${NAME}=; Max-Age=0; ${ATTRIBUTES}`;

const cookieOf = (refreshToken: string): string =>
  `${NAME}=${refreshToken}; Max-Age=${String(MAX_AGE_SECONDS)}; ${ATTRIBUTES}`;

/** An answer with tokens, its refresh token where the client wants it. */
export function delivered<T extends { readonly refresh_token: string }>(
  answer: T,
  how: TokenTransport,
): { readonly data: Omit<T, 'refresh_token'> & { refresh_token?: string }; readonly cookie?: string } {
  if (how !== 'cookie') return { data: answer };
  const { refresh_token, ...data } = answer;
  return { data, cookie: cookieOf(refresh_token) };
}

/** Does the browser hold one of our cookies? */
export const hasCookie = (req: Request): boolean => cookieIn(req) !== null;

function cookieIn(req: Request): string | null {
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const [name, ...value] = pair.trim().split('=');
    if (name === NAME && value.join('=') !== '') return value.join('=');
  }
  return null;
}

/**
 * The refresh token of the cookie; null where there is none. A browser sends the cookie whoever makes it ask, but no
 * page of an origin that is not ours can make it send this header.
 * @throws HttpError CLIENT_HEADER_MISSING
 */
export function refreshTokenOfCookie(req: Request): string | null {
  const token = cookieIn(req);
  if (token !== null && (req.get('x-saga-client') ?? '').trim() === '')
    throw new HttpError('CLIENT_HEADER_MISSING');
  return token;
}
