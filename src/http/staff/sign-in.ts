/** From a request to the person behind it, as they are right now. */
import type { Request } from 'express';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import type { Access, SignedIn } from '../framework/route.ts';

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
  return { caller, sessionId: claims.sessionId };
}

/** @throws HttpError FORBIDDEN */
export function mustHave(access: Access, { caller }: SignedIn): void {
  if (access === 'public' || access === 'authenticated') return;
  if (!caller.privileges.has(access)) throw new HttpError('FORBIDDEN');
}
