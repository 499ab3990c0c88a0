/** Area: codes of an authenticator app as second factor (docs/design/api.md#second-factor). */
import type { Request } from 'express';
import { z } from 'zod';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import type { RequestInfo } from '../framework/request.ts';
import { route } from '../framework/route.ts';
import { id, own } from '../framework/schemas.ts';
import { CHALLENGE_SECONDS } from '../../ports.ts';
import {
  AUTH_BODY,
  LONGEST_PASSWORD,
  oneTimeCode,
  originOf,
  requireAllFactors,
  requireOwnPassword,
  signedInAnswer,
  signedInDelivered,
  startSession,
  tokenMembers,
  withCode,
} from './credentials.ts';
import { delivered, transport } from './session-cookie.ts';

const TAG = 'Auth';

const code = oneTimeCode;
const challenge = z.string().min(1).max(100);
const password = z.string().min(1).max(LONGEST_PASSWORD);

/** Everybody who was signed in as this person is out; this request goes on with a new session. */
async function startOver(
  context: HttpContext,
  userId: string,
  sessionGeneration: number,
  req: Request,
  info: RequestInfo,
) {
  await context.sessions.endOlderThan(userId, sessionGeneration, 'rights');
  await context.permissions.sessionsEnded(userId);
  return (await startSession(context, { id: userId, sessionGeneration }, req, info)).tokens;
}

export const loginTotp = route({
  method: 'post',
  path: '/api/auth/login/totp',
  name: 'loginTotp',
  tag: TAG,
  summary: 'Sign in, second step',
  description:
    'The challenge of `POST /api/auth/login`, and a code, against tokens. A code is good once, a challenge for five minutes, five tries ' +
    'and one sign-in. Wrong codes are throttled per account and address.',
  access: 'public',
  limits: AUTH_BODY,
  body: z.strictObject({ challenge, code, transport }),
  status: 200,
  data: z.strictObject({ ...tokenMembers, user: own }),
  errors: [
    'CHALLENGE_OVER',
    'CODE_WRONG',
    'INVALID_CREDENTIALS',
    'LOGIN_THROTTLED',
    'BUSY',
    'STORE_UNAVAILABLE',
  ],
  async handle({ body, req, info, context }) {
    const given = await context.challenges.attempt(body.challenge, 'sign-in');
    const account = given && (await context.directory.byId(given.userId));
    const isSame =
      account?.active && account.hasSecondFactor && account.sessionGeneration === given?.generation;
    if (!isSame) throw new HttpError('CHALLENGE_OVER');
    const command = { caller: account, requestId: info.id, correlationId: info.correlationId };
    await withCode(context, account, originOf(req, info), () =>
      context.secondFactor.useCode(command, body.code),
    );
    // The code is used up; of two sign-ins with one challenge only one goes on.
    if (!(await context.challenges.use(body.challenge))) throw new HttpError('CHALLENGE_OVER');
    return signedInDelivered(context, await signedInAnswer(context, account, req, info), body.transport);
  },
});

export const totpStatus = route({
  method: 'get',
  path: '/api/auth/totp',
  name: 'getTotp',
  tag: TAG,
  summary: 'Have I a second factor?',
  description: '`required`: the role must have one (TOTP_REQUIRED_ROLES).',
  access: 'authenticated',
  beforeSecondFactor: true,
  status: 200,
  data: z.strictObject({
    enrolled: z.boolean(),
    required: z.boolean(),
    recovery_codes_left: z.int().meta({ example: 9 }),
  }),
  errors: [],
  async handle({ signedIn: { caller }, context }) {
    const { enrolled, recoveryCodesLeft } = await context.secondFactor.status(caller.id);
    const required = context.config.totpRequiredRoles.has(caller.role);
    return { data: { enrolled, required, recovery_codes_left: recoveryCodesLeft } };
  },
});

export const enrolTotp = route({
  method: 'post',
  path: '/api/auth/totp/enrol',
  name: 'enrolTotp',
  tag: TAG,
  summary: 'Begin to set up a second factor',
  description:
    'Answers the secret for an authenticator app, as text and as `otpauth:` address for a QR code. Nothing changes until ' +
    '`POST /api/auth/totp/confirm`. Who has a second factor already replaces it, and gives a code of the old one (or a recovery code) as `code`.',
  access: 'authenticated',
  beforeSecondFactor: true,
  secretAnswer: true,
  limits: AUTH_BODY,
  body: z.strictObject({ password, code: code.optional() }),
  status: 200,
  data: z.strictObject({
    challenge: z.string().meta({ description: 'For the confirmation.' }),
    secret: z.string().meta({ description: 'Base32.', example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' }),
    otpauth_url: z.string().meta({
      example:
        'otpauth://totp/Saga:agent1.sari%40demo.saga?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Saga',
    }),
    expires_in: z
      .int()
      .meta({ description: 'Seconds until the challenge is over.', example: CHALLENGE_SECONDS }),
  }),
  errors: ['PASSWORD_WRONG', 'CODE_WRONG', 'LOGIN_THROTTLED', 'BUSY'],
  async handle({ body, signedIn, command, req, info, context }) {
    const from = originOf(req, info);
    const account = await requireAllFactors(context, { caller: signedIn.caller, command }, body, from);
    const { secret, uri, sealed } = await context.secondFactor.propose(account.id, account.email);
    const token = await context.challenges.give({
      purpose: 'enrolment',
      userId: account.id,
      generation: account.sessionGeneration,
      sessionId: signedIn.sessionId,
      sealed,
    });
    return { data: { challenge: token, secret, otpauth_url: uri, expires_in: CHALLENGE_SECONDS } };
  },
});

export const confirmTotp = route({
  method: 'post',
  path: '/api/auth/totp/confirm',
  name: 'confirmTotp',
  tag: TAG,
  summary: 'Turn the second factor on',
  description:
    'With a code of the app. Answers ten recovery codes, each good once and never shown again, and tokens of a new session: ' +
    'all other sessions of the person end.',
  access: 'authenticated',
  beforeSecondFactor: true,
  secretAnswer: true,
  limits: AUTH_BODY,
  body: z.strictObject({ challenge, code, transport }),
  status: 200,
  data: z.strictObject({
    recovery_codes: z.array(z.string().meta({ example: 'K7QF-2MWX-PZ4R-9TDH-J3VB-8CNY-5GLE' })),
    ...tokenMembers,
  }),
  errors: ['CHALLENGE_OVER', 'CODE_WRONG', 'INVALID_CREDENTIALS', 'USER_NOT_FOUND', 'BUSY'],
  async handle({ body, signedIn, command, req, info, context }) {
    const { id: userId } = signedIn.caller;
    const given = await context.challenges.attempt(body.challenge, 'enrolment');
    const isOwn = given?.userId === userId && given.sessionId === signedIn.sessionId;
    if (!isOwn || given.sealed === null) throw new HttpError('CHALLENGE_OVER');
    const done = await context.secondFactor.enrol(command, given.sealed, given.generation, body.code);
    await context.challenges.use(body.challenge);
    const tokens = await startOver(context, userId, done.sessionGeneration, req, info);
    const answer = { recovery_codes: [...done.recoveryCodes], ...tokens };
    return { ...delivered(answer, body.transport), position: done.position };
  },
});

export const disableTotp = route({
  method: 'post',
  path: '/api/auth/totp/disable',
  name: 'disableTotp',
  tag: TAG,
  summary: 'Turn the second factor off',
  description:
    'With the password and a code. Answers tokens of a new session: all other sessions of the person end. ' +
    'Refused where the role must have one.',
  access: 'authenticated',
  secretAnswer: true,
  limits: AUTH_BODY,
  body: z.strictObject({ password, code, transport }),
  status: 200,
  data: z.strictObject(tokenMembers),
  errors: [
    'PASSWORD_WRONG',
    'CODE_WRONG',
    'SECOND_FACTOR_MISSING',
    'SECOND_FACTOR_REQUIRED',
    'LOGIN_THROTTLED',
    'INVALID_CREDENTIALS',
    'USER_NOT_FOUND',
    'BUSY',
  ],
  async handle({ body, signedIn, command, req, info, context }) {
    const from = originOf(req, info);
    const account = await requireOwnPassword(context, signedIn.caller, body.password, from);
    const done = await withCode(context, account, from, () =>
      context.secondFactor.disable(command, body.code, context.config.totpRequiredRoles),
    );
    const tokens = await startOver(context, account.id, done.sessionGeneration, req, info);
    return { ...delivered(tokens, body.transport), position: done.position };
  },
});

export const resetTotp = route({
  method: 'post',
  path: '/api/admin/users/:id/reset-totp',
  name: 'resetTotp',
  tag: 'Administration',
  summary: "Take somebody's second factor away",
  description:
    'For who lost the phone and the recovery codes. All sessions and streams of that person end. Who is no super admin resets ' +
    'no super admin and no one who may more than they; no one resets their own.',
  access: 'manage_users',
  params: { id },
  body: z.strictObject({}),
  status: 204,
  data: null,
  errors: [
    'USER_NOT_FOUND',
    'DIVISION_FORBIDDEN',
    'SECOND_FACTOR_MISSING',
    'SECOND_FACTOR_OWN',
    'SUPER_ADMIN_PROTECTED',
    'ROLE_ABOVE_OWN',
    'PRIVILEGE_ABOVE_OWN',
    'BUSY',
  ],
  async handle({ params, command, context }) {
    const { sessionGeneration, position } = await context.secondFactor.reset(command, params.id);
    await context.sessions.endOlderThan(params.id, sessionGeneration, 'rights');
    await context.permissions.sessionsEnded(params.id);
    return { data: null, position };
  },
});
