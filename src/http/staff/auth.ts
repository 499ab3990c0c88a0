/** Area: signing in and out (docs/design/api.md#sign-in). */
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { createKeyedMutex } from '../../engine/commands/keyed-mutex.ts';
import type { Failure } from '../../domain/audit/access.ts';
import type { StaffMember } from '../../domain/staff/member.ts';
import type { Origin } from '../audit/access-audit.ts';
import { changePresence } from './presence.ts';
import { addressOf } from '../framework/body-budget.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import type { RequestInfo } from '../framework/request.ts';
import { route } from '../framework/route.ts';
import { own } from '../framework/schemas.ts';
import { ACCESS_SECONDS } from './tokens.ts';

const TAG = 'Auth';
const FAILURES_WINDOW_SECONDS = 15 * 60;
const MAX_PASSWORD = 200;

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

/** Tries for one account are looked at one after the other, so that none slips past the count of failures. */
const inTurn = createKeyedMutex();

const originOf = (req: Request, { id: requestId, correlationId }: RequestInfo): Origin => ({
  requestId,
  correlationId,
  address: req.ip,
});

/** @throws HttpError LOGIN_THROTTLED, INVALID_CREDENTIALS: each is put on record */
function memberWith(context: HttpContext, email: string, password: string, from: Origin) {
  const account = `login-account:${createHash('sha256').update(email).digest('base64url')}`;
  return inTurn(account, async () => {
    const limit = context.config.loginLimitPerAccount;
    const before = await context.limiter.peek(account, limit, FAILURES_WINDOW_SECONDS);
    const found = await context.directory.byEmail(email);
    const failed = (reason: Failure): void => {
      context.access.signInFailed(email, found?.id ?? null, reason, from);
    };
    if (!before.allowed) {
      failed('throttled');
      throw new HttpError('LOGIN_THROTTLED', [], before.retryAfter);
    }
    // Also for an unknown or deactivated account: a wrong e-mail and a wrong password must take as long.
    const matches = await context.passwords.verify(found?.passwordHash ?? null, password);
    if (found?.active && matches) return found;
    await context.limiter.take(account, limit, FAILURES_WINDOW_SECONDS);
    failed(found === null ? 'unknown_account' : found.active ? 'wrong_password' : 'deactivated');
    throw new HttpError('INVALID_CREDENTIALS');
  });
}

/** The longest sign-in, with every character escaped, is a third of it. */
const AUTH_BODY = { bytes: 8 * 1024, members: 20 };

async function throttleAddress(req: Request, context: HttpContext): Promise<void> {
  const key = `login-address:${addressOf(req)}`;
  const { allowed, retryAfter } = await context.limiter.take(key, context.config.loginLimitPerAddress, 60);
  if (!allowed) throw new HttpError('LOGIN_THROTTLED', [], retryAfter);
}

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
    'E-mail and password against an access token (8 hours) and a refresh token. Throttled per account ' +
    '(failures in 15 minutes) and per address (tries a minute). An unknown e-mail, a wrong password and a ' +
    'deactivated account look and time alike.',
  access: 'public',
  limits: AUTH_BODY,
  admit: throttleAddress,
  body: z.strictObject({
    email: z.string().min(1).max(254).meta({ example: 'agent1.sari@demo.saga' }),
    password: z.string().min(1).max(MAX_PASSWORD),
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
    const { sessionId, refreshToken } = await context.sessions.start(userId, account.sessionGeneration);
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
    'The refresh token is good for one use. A second use, however soon, means that two parties hold it: the ' +
    'whole session ends. There is no overlap window, so a client must not refresh twice in parallel. A session ' +
    'ends 30 days after its login.',
  access: 'public',
  limits: AUTH_BODY,
  admit: throttleAddress,
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
  async handle({ body, context }) {
    const rotated = await context.sessions.rotate(body.refresh_token);
    if (rotated.outcome === 'unknown') throw new HttpError('INVALID_REFRESH_TOKEN');
    const { sessionId } = rotated;
    if (rotated.outcome === 'ended') {
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
