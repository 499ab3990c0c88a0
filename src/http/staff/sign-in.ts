/** From a request to the person behind it, as they are right now. */
import type { Request } from 'express';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import type { Route, SignedIn } from '../framework/route.ts';

const BEARER = /^Bearer ([\w.~+/-]+=*)$/i;

/** @throws HttpError UNAUTHENTICATED, SESSION_REVOKED, RATE_LIMITED; StoreUnavailable */
export async function signedInBy(req: Request, context: HttpContext): Promise<SignedIn> {
  const token = BEARER.exec(req.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new HttpError('UNAUTHENTICATED');
  const claims = await context.tokens.verify(token);
  const caller = await context.permissions.of(claims);
  const { allowed, retryAfter } = await context.limiter.take(
    `user:${caller.id}`,
    context.config.rateLimitPerMinute,
    60,
  );
  if (!allowed) throw new HttpError('RATE_LIMITED', [], retryAfter);
  context.activity.seen(caller.id);
  const mustEnrol = !caller.hasSecondFactor && context.config.totpRequiredRoles.has(caller.role);
  return { caller, sessionId: claims.sessionId, mustEnrol };
}

/** @throws HttpError SECOND_FACTOR_NOT_SET_UP, FORBIDDEN */
export function mustHave(
  { access, beforeSecondFactor }: Pick<Route, 'access' | 'beforeSecondFactor'>,
  { caller, mustEnrol }: SignedIn,
): void {
  if (mustEnrol && beforeSecondFactor !== true) throw new HttpError('SECOND_FACTOR_NOT_SET_UP');
  if (access === 'public' || access === 'authenticated') return;
  if (!caller.privileges.has(access)) throw new HttpError('FORBIDDEN');
}
