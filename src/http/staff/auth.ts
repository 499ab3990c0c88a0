/** Area: signing in and out (docs/design/api.md#sign-in). */
import type { Request } from 'express';
import { z } from 'zod';
import { addressOf } from '../../domain/staff/email.ts';
import { HttpError } from '../framework/errors.ts';
import { addressGroup } from '../framework/body-budget.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { route } from '../framework/route.ts';
import { own } from '../framework/schemas.ts';
import { CHALLENGE_SECONDS } from '../../ports.ts';
import {
  accessToken,
  AUTH_BODY,
  LONGEST_PASSWORD,
  memberWith,
  originOf,
  ownUserOf,
  signedInAnswer,
  signedInDelivered,
  signOut,
  tokenMembers,
} from './credentials.ts';
import { delivered, hasCookie, NO_COOKIES, refreshTokenOfCookie, transport } from './session-cookie.ts';
import { ACCESS_SECONDS } from './tokens.ts';

const TAG = 'Auth';

/** Only tokens that are not good count: a good one costs nobody else theirs. */
const refreshLimit = (
  { config }: HttpContext,
  req: Request,
): [key: string, limit: number, seconds: number] => [
  `refresh-address:${addressGroup(req.ip)}`,
  config.refreshLimitPerAddress,
  60,
];

const signedIn = z.strictObject({ ...tokenMembers, user: own }).meta({ id: 'SignedIn' });
const codeWanted = z
  .strictObject({
    mfa_required: z.literal(true).meta({ description: 'The account has a second factor.' }),
    challenge: z.string().meta({ description: 'For `POST /api/auth/login/totp`, with the code.' }),
    expires_in: z
      .int()
      .meta({ description: 'Seconds until the challenge is over.', example: CHALLENGE_SECONDS }),
  })
  .meta({ id: 'CodeWanted' });

export const login = route({
  method: 'post',
  path: '/api/auth/login',
  name: 'login',
  tag: TAG,
  summary: 'Sign in',
  description:
    'E-mail and password against an access token (8 hours) and a refresh token. Throttled by failures per account and ' +
    'address (15 minutes, then longer) and per address (a minute); never where the account was used before. An unknown e-mail, a wrong password and a ' +
    'deactivated account look and time alike. Where the account has a second factor, the answer has a challenge and no tokens. ' +
    'With `must_change_password` everything but me, password, logout and refresh is 403 `PASSWORD_CHANGE_REQUIRED`.',
  access: 'public',
  limits: AUTH_BODY,
  body: z.strictObject({
    email: z.string().min(1).max(254).meta({ example: 'agent1.sari@demo.saga' }),
    password: z.string().min(1).max(LONGEST_PASSWORD),
    transport,
  }),
  status: 200,
  data: z.union([signedIn, codeWanted]),
  errors: ['INVALID_CREDENTIALS', 'PASSWORD_EXPIRED', 'LOGIN_THROTTLED', 'STORE_UNAVAILABLE'],
  async handle({ body, req, info, context }) {
    const email = addressOf(body.email);
    const account = await memberWith(context, email, body.password, originOf(req, info));
    if (!account.hasSecondFactor)
      return signedInDelivered(context, await signedInAnswer(context, account, req, info), body.transport);
    const challenge = await context.challenges.give({
      purpose: 'sign-in',
      userId: account.id,
      generation: account.sessionGeneration,
      sessionId: null,
      sealed: null,
    });
    return { data: { mfa_required: true as const, challenge, expires_in: CHALLENGE_SECONDS } };
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
    'session ends. A session ends 30 days after its login, and when it got no tokens for SESSION_IDLE_HOURS (72). Throttled per address by tokens that are not good. ' +
    'Without `refresh_token` the cookie of the sign-in is taken, and renewed; then the header `X-Saga-Client` must be there.',
  access: 'public',
  limits: AUTH_BODY,
  body: z.strictObject({ refresh_token: z.string().min(1).max(500).optional() }),
  status: 200,
  data: z.strictObject(tokenMembers),
  errors: [
    'INVALID_REFRESH_TOKEN',
    'CLIENT_HEADER_MISSING',
    'SESSION_REVOKED',
    'UNAUTHENTICATED',
    'LOGIN_THROTTLED',
    'STORE_UNAVAILABLE',
  ],
  async handle({ body, req, info, context }) {
    const given = body.refresh_token ?? refreshTokenOfCookie(req);
    if (given === null) throw new HttpError('INVALID_REFRESH_TOKEN');
    const limit = refreshLimit(context, req);
    const { allowed, retryAfter } = await context.limiter.peek(...limit);
    if (!allowed) throw new HttpError('LOGIN_THROTTLED', [], retryAfter);
    const rotated = await context.sessions.rotate(given);
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
    return delivered(
      { token, refresh_token: rotated.refreshToken, expires_in: ACCESS_SECONDS },
      body.refresh_token === undefined ? 'cookie' : 'body',
    );
  },
});

export const logout = route({
  method: 'post',
  path: '/api/auth/logout',
  name: 'logout',
  tag: TAG,
  summary: 'Sign out',
  description:
    'Ends the session: its access and refresh tokens are worth nothing from the next request on. Who signs out of the last session is offline. ' +
    'The cookie of the sign-in goes with it.',
  access: 'authenticated',
  secretAnswer: true,
  beforeOwnPassword: true,
  beforeSecondFactor: true,
  body: z.strictObject({}),
  status: 204,
  data: null,
  errors: [],
  async handle({ signedIn, command, req, context }) {
    await signOut(context, command, signedIn, signedIn.sessionId);
    return { data: null, ...(hasCookie(req) && { cookie: NO_COOKIES }) };
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
  beforeOwnPassword: true,
  beforeSecondFactor: true,
  status: 200,
  data: z.strictObject({ user: own }),
  errors: [],
  handle: ({ signedIn }) => Promise.resolve({ data: { user: ownUserOf(signedIn.caller) } }),
});
