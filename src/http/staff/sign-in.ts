/** From a request to the person behind it, as they are right now. */
import type { Request } from 'express';
import { addressGroup } from '../framework/body-budget.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import type { Route, SignedIn } from '../framework/route.ts';
import { queryOf } from '../framework/validate.ts';
import type { AccessClaims } from './tokens.ts';

/** 256 random bits. */
const TICKET = /^[\w-]{43}$/;
const BEARER = /^Bearer ([\w.~+/-]+=*)$/i;

/** Counts a request of nobody's account for its address. @throws HttpError RATE_LIMITED */
export async function admitAddress(req: Request, { limiter, config }: HttpContext): Promise<void> {
  const group = addressGroup(req.ip);
  const { allowed, retryAfter } = await limiter.take(`address:${group}`, config.rateLimitPerMinute, 60);
  if (!allowed) throw new HttpError('RATE_LIMITED', [], retryAfter);
}

/** @throws HttpError UNAUTHENTICATED, RATE_LIMITED; StoreUnavailable */
async function claimsOf(
  req: Request,
  context: HttpContext,
  { byTicket }: Pick<Route, 'byTicket'>,
): Promise<AccessClaims> {
  const { authorization } = req.headers;
  const { ticket } = byTicket === true && authorization === undefined ? queryOf(req.originalUrl) : {};
  if (ticket !== undefined) {
    // Each look costs a statement, and everybody may send something.
    await admitAddress(req, context);
    const holder =
      typeof ticket === 'string' && TICKET.test(ticket) ? await context.streamTickets.take(ticket) : null;
    if (holder === null) throw new HttpError('UNAUTHENTICATED');
    return holder;
  }
  const token = BEARER.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new HttpError('UNAUTHENTICATED');
  return context.tokens.verify(token);
}

/** @throws HttpError UNAUTHENTICATED, SESSION_REVOKED, RATE_LIMITED; StoreUnavailable */
export async function signedInBy(
  req: Request,
  context: HttpContext,
  route: Pick<Route, 'byTicket'>,
): Promise<SignedIn> {
  const claims = await claimsOf(req, context, route);
  const caller = await context.permissions.of(claims);
  const { allowed, retryAfter } = await context.limiter.take(
    `user:${caller.id}`,
    context.config.rateLimitPerMinute,
    60,
  );
  if (!allowed) throw new HttpError('RATE_LIMITED', [], retryAfter);
  context.activity.seen(caller.id);
  const mustEnrol = !caller.hasSecondFactor && context.config.totpRequiredRoles.has(caller.role);
  const { sessionId, expiresAt } = claims;
  return { caller, sessionId, expiresAt, mustEnrol, mustChangePassword: caller.mustChangePassword };
}

/** @throws HttpError PASSWORD_CHANGE_REQUIRED, SECOND_FACTOR_NOT_SET_UP, FORBIDDEN */
export function mustHave(
  route: Pick<Route, 'access' | 'beforeOwnPassword' | 'beforeSecondFactor'>,
  { caller, mustChangePassword, mustEnrol }: SignedIn,
): void {
  const { access, beforeOwnPassword, beforeSecondFactor } = route;
  // First: who knows the password of somebody else must not set up a second factor of theirs.
  if (mustChangePassword && beforeOwnPassword !== true) throw new HttpError('PASSWORD_CHANGE_REQUIRED');
  if (mustEnrol && beforeSecondFactor !== true) throw new HttpError('SECOND_FACTOR_NOT_SET_UP');
  if (access === 'public' || access === 'authenticated') return;
  if (!caller.privileges.has(access)) throw new HttpError('FORBIDDEN');
}
