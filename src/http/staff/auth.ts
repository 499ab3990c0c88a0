/** Area: signing in and out (docs/design/api.md#sign-in). */
import type { Request } from 'express';
import { z } from 'zod';
import { createKeyedMutex } from '../../engine/commands/keyed-mutex.ts';
import type { SignInFailure } from '../../domain/audit/access.ts';
import type { StaffMember } from '../../domain/staff/member.ts';
import type { Origin } from '../audit/access-audit.ts';
import { changePresence } from './presence.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import type { RequestInfo } from '../framework/request.ts';
import { route } from '../framework/route.ts';
import { own } from '../framework/schemas.ts';
import { type Device, NOBODY } from '../../ports.ts';
import { addressGroup, createSignInThrottle, pairOf, type SignInThrottle } from './sign-in-throttle.ts';
import { ACCESS_SECONDS } from './tokens.ts';

const TAG = 'Auth';
/** Older passwords may be longer than new ones. */
const LONGEST_PASSWORD = 200;

const tokens = {
  token: z.string().meta({ description: 'Access token (JWT), for `Authorization: Bearer`.' }),
  refresh_token: z.string().meta({ description: 'Opaque; good for one `POST /api/auth/refresh`.' }),
  expires_in: z
    .int()
    .meta({ description: 'Seconds until the access token expires.', example: ACCESS_SECONDS }),
};

const userOf = (member: StaffMember): z.infer<typeof own> => ({
  id: member.id,
  name: member.name,
  email: member.email,
  role: member.role,
  division: member.division,
  status: member.presence,
  privileges: [...member.privileges],
});

/** Tries for one account from one address are looked at one after the other, so that none slips past the count of failures. */
const inTurn = createKeyedMutex();

const originOf = (req: Request, { id: requestId, correlationId }: RequestInfo): Origin => ({
  requestId,
  correlationId,
  address: req.ip,
});

const throttleOf = ({ limiter, config }: HttpContext): SignInThrottle =>
  createSignInThrottle(limiter, {
    perAccount: config.loginLimitPerAccount,
    perAddress: config.loginLimitPerAddress,
  });

/** @throws HttpError LOGIN_THROTTLED, INVALID_CREDENTIALS: each is put on record */
function memberWith(context: HttpContext, email: string, password: string, from: Origin) {
  const who = { email, group: addressGroup(from.address) };
  return inTurn(pairOf(who), async () => {
    const throttle = throttleOf(context);
    const found = await context.directory.byEmail(email);
    const failed = (reason: SignInFailure): void => {
      context.access.signInFailed(email, found?.id ?? null, reason, from);
    };
    // Also for an unknown account: it must take as long.
    const known = await context.sessions.knows(found?.id ?? NOBODY, who.group);
    const wait = await throttle.wait(who, known);
    if (wait !== null) {
      failed('throttled');
      throw new HttpError('LOGIN_THROTTLED', [], wait);
    }
    // Also for an unknown or deactivated account: a wrong e-mail and a wrong password must take as long.
    const matches = await context.passwords.verify(found?.passwordHash ?? null, password);
    if (found?.active && matches) return found;
    await throttle.failed(who);
    failed(found === null ? 'unknown_account' : found.active ? 'wrong_password' : 'deactivated');
    throw new HttpError('INVALID_CREDENTIALS');
  });
}

/** The longest sign-in, with every character escaped, is a third of it. */
const AUTH_BODY = { bytes: 8 * 1024, members: 20 };

/** Only tokens that are not good count: a good one costs nobody else theirs. */
const refreshLimit = (
  { config }: HttpContext,
  req: Request,
): [key: string, limit: number, seconds: number] => [
  `refresh-address:${addressGroup(req.ip)}`,
  config.refreshLimitPerAddress,
  60,
];

const deviceOf = (req: Request): Device => ({
  address: req.ip ?? null,
  addressGroup: addressGroup(req.ip),
  userAgent: req.get('user-agent')?.slice(0, 300) ?? null,
});

const accessToken = (
  context: HttpContext,
  { id: userId, role, division, privileges }: StaffMember,
  sessionId: string,
) => context.tokens.issue({ userId, sessionId, role, division, privileges: [...privileges] });

export const login = route({
  method: 'post',
  path: '/api/auth/login',
  name: 'login',
  tag: TAG,
  summary: 'Sign in',
  description:
    'E-mail and password against an access token (8 hours) and a refresh token. Throttled by failures per account and ' +
    'address (15 minutes, then longer) and per address (a minute); never where the account was used before. An unknown e-mail, a wrong password and a ' +
    'deactivated account look and time alike.',
  access: 'public',
  limits: AUTH_BODY,
  body: z.strictObject({
    email: z.string().min(1).max(254).meta({ example: 'agent1.sari@demo.saga' }),
    password: z.string().min(1).max(LONGEST_PASSWORD),
  }),
  status: 200,
  data: z.strictObject({ ...tokens, user: own }),
  errors: ['INVALID_CREDENTIALS', 'LOGIN_THROTTLED', 'STORE_UNAVAILABLE'],
  async handle({ body, req, info, context }) {
    const email = body.email.trim().toLowerCase();
    const account = await memberWith(context, email, body.password, originOf(req, info));
    const userId = account.id;
    // The generation of the account that the password was checked against: a password that was changed, or a right that
    // was taken away, while this ran makes the new session worth nothing.
    const { sessionId, refreshToken } = await context.sessions.start(
      userId,
      account.sessionGeneration,
      deviceOf(req),
    );
    const standing = await context.permissions.now({ userId, sessionId }).catch(async (error: unknown) => {
      await context.sessions.end(sessionId, 'inactive');
      throw error instanceof HttpError ? new HttpError('INVALID_CREDENTIALS') : error;
    });
    // Whoever signs in sits at no desk yet (docs/design/api.md#sessions-and-tokens).
    if (standing.presence === 'online') {
      const command = { caller: standing, requestId: info.id, correlationId: info.correlationId };
      await changePresence(context, command, userId, { status: 'offline' });
    }
    await context.access.signedIn(standing, sessionId, originOf(req, info));
    const token = await accessToken(context, standing, sessionId);
    const user = userOf({ ...standing, presence: 'offline' });
    return {
      data: { token, refresh_token: refreshToken, expires_in: ACCESS_SECONDS, user },
    };
  },
});

export const refresh = route({
  method: 'post',
  path: '/api/auth/refresh',
  name: 'refresh',
  tag: TAG,
  summary: 'Trade a refresh token for a new pair',
  description:
    'The refresh token is good for one use. For REFRESH_GRACE_SECONDS (10) a second use answers the same successor: two ' +
    'tabs may refresh at once, and an answer may get lost. A use after that means that two parties hold it: the whole ' +
    'session ends. A session ends 30 days after its login. Throttled per address by tokens that are not good.',
  access: 'public',
  limits: AUTH_BODY,
  body: z.strictObject({ refresh_token: z.string().min(1).max(500) }),
  status: 200,
  data: z.strictObject(tokens),
  errors: [
    'INVALID_REFRESH_TOKEN',
    'SESSION_REVOKED',
    'UNAUTHENTICATED',
    'LOGIN_THROTTLED',
    'STORE_UNAVAILABLE',
  ],
  async handle({ body, req, info, context }) {
    const limit = refreshLimit(context, req);
    const { allowed, retryAfter } = await context.limiter.peek(...limit);
    if (!allowed) throw new HttpError('LOGIN_THROTTLED', [], retryAfter);
    const rotated = await context.sessions.rotate(body.refresh_token);
    if (rotated.outcome !== 'rotated') await context.limiter.take(...limit);
    if (rotated.outcome === 'unknown') throw new HttpError('INVALID_REFRESH_TOKEN');
    const { sessionId, userId } = rotated;
    if (rotated.outcome === 'ended') {
      if (rotated.reused) await context.access.tokenReused(userId, sessionId, originOf(req, info));
      await context.permissions.sessionEnded(sessionId);
      throw new HttpError('SESSION_REVOKED');
    }
    const standing = await context.permissions.of(rotated);
    const token = await accessToken(context, standing, sessionId);
    return { data: { token, refresh_token: rotated.refreshToken, expires_in: ACCESS_SECONDS } };
  },
});

export const logout = route({
  method: 'post',
  path: '/api/auth/logout',
  name: 'logout',
  tag: TAG,
  summary: 'Sign out',
  description: 'Ends the session: its access and refresh tokens are worth nothing from the next request on.',
  access: 'authenticated',
  body: z.strictObject({}),
  status: 204,
  data: null,
  errors: [],
  async handle({ signedIn, command, context }) {
    await context.sessions.end(signedIn.sessionId, 'logout');
    await context.permissions.sessionEnded(signedIn.sessionId);
    await context.access.signedOut(command, signedIn.sessionId);
    return { data: null };
  },
});

export const me = route({
  method: 'get',
  path: '/api/auth/me',
  name: 'me',
  tag: TAG,
  summary: 'Who am I?',
  description: 'The caller with their present role, division and effective privileges.',
  access: 'authenticated',
  status: 200,
  data: z.strictObject({ user: own }),
  errors: [],
  handle: ({ signedIn }) => Promise.resolve({ data: { user: userOf(signedIn.caller) } }),
});
