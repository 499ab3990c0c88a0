/** What every way in needs: the password with its throttle, and a new session (docs/design/reliability.md#signing-in-under-attack). */
import type { Request } from 'express';
import { z } from 'zod';
import { createKeyedMutex } from '../../engine/commands/keyed-mutex.ts';
import type { SignInFailure } from '../../domain/audit/access.ts';
import { Refusal } from '../../domain/refusals.ts';
import { addressOf } from '../../domain/staff/email.ts';
import { isPasswordOver } from '../../domain/staff/temporary-password.ts';
import type { Account, StaffMember } from '../../domain/staff/member.ts';
import type { CommandContext } from '../../commands/context.ts';
import type { SignedIn } from '../framework/route.ts';
import type { Origin } from '../audit/access-audit.ts';
import { addressGroup } from '../framework/body-budget.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import type { RequestInfo } from '../framework/request.ts';
import type { own } from '../framework/schemas.ts';
import { type Device, NOBODY } from '../../ports.ts';
import { changePresence } from './presence.ts';
import { delivered, technicianCookies, type TokenTransport } from './session-cookie.ts';
import { createCodeThrottle, createSignInThrottle, pairOf } from './sign-in-throttle.ts';
import { ACCESS_SECONDS } from './tokens.ts';

/** Older passwords may be longer than new ones. */
export const LONGEST_PASSWORD = 200;

export const oneTimeCode = z
  .string()
  .min(6)
  .max(40)
  .meta({ description: 'Six digits of the app, or a recovery code.', example: '492039' });

/** Tries for one account from one address are looked at one after the other, so that none slips past the count of failures. */
const inTurn = createKeyedMutex();

export const originOf = (req: Request, { id: requestId, correlationId }: RequestInfo): Origin => ({
  requestId,
  correlationId,
  address: req.ip,
});

const limitsOf = ({ config }: HttpContext) => ({
  perAccount: config.loginLimitPerAccount,
  perAddress: config.loginLimitPerAddress,
});

/** @throws HttpError LOGIN_THROTTLED, INVALID_CREDENTIALS, PASSWORD_EXPIRED: each is put on record */
export function memberWith(
  context: HttpContext,
  email: string,
  password: string,
  from: Origin,
): Promise<Account> {
  const who = { email, group: addressGroup(from.address) };
  return inTurn(pairOf(who), async () => {
    const throttle = createSignInThrottle(context.limiter, limitsOf(context));
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
    if (found?.active && matches) {
      if (!isPasswordOver(found.temporaryPasswordUntil, context.clock.now())) return found;
      failed('password_expired');
      // Who knows the word may hear why it is worth nothing.
      throw new HttpError('PASSWORD_EXPIRED');
    }
    await throttle.failed(who);
    failed(found === null ? 'unknown_account' : found.active ? 'wrong_password' : 'deactivated');
    throw new HttpError('INVALID_CREDENTIALS');
  });
}

/**
 * A code, looked at by `check`; wrong ones count per account and address, and never against another address that was used
 * before (docs/design/reliability.md#second-factor).
 * @throws HttpError LOGIN_THROTTLED; Refusal CODE_WRONG: each is put on record; what else `check` throws
 */
export function withCode<T>(
  context: HttpContext,
  { id, email: address }: Pick<Account, 'id' | 'email'>,
  from: Origin,
  check: () => Promise<T>,
): Promise<T> {
  const email = addressOf(address);
  const who = { email, group: addressGroup(from.address) };
  return inTurn(pairOf(who), async () => {
    const throttle = createCodeThrottle(context.limiter, limitsOf(context));
    const wait = await throttle.wait(who, await context.sessions.knows(id, who.group));
    if (wait !== null) {
      context.access.signInFailed(email, id, 'throttled', from);
      throw new HttpError('LOGIN_THROTTLED', [], wait);
    }
    try {
      return await check();
    } catch (error) {
      if (error instanceof Refusal && error.code === 'CODE_WRONG') {
        await throttle.failed(who);
        context.access.signInFailed(email, id, 'wrong_code', from);
      }
      throw error;
    }
  });
}

/**
 * The own password once more, of who is signed in: a stolen session is not enough.
 * @throws HttpError PASSWORD_WRONG, PASSWORD_EXPIRED, LOGIN_THROTTLED
 */
export async function requireOwnPassword(
  context: HttpContext,
  { id, email }: StaffMember,
  password: string,
  from: Origin,
): Promise<Account> {
  const found = await memberWith(context, addressOf(email), password, from).catch((error: unknown) => {
    throw error instanceof HttpError && error.code === 'INVALID_CREDENTIALS'
      ? new HttpError('PASSWORD_WRONG')
      : error;
  });
  // The address went to somebody else meanwhile.
  if (found.id !== id) throw new HttpError('PASSWORD_WRONG');
  return found;
}

/**
 * Everything that the caller signs in with, once more: before what they sign in with is changed (ASVS 7.5.1).
 * @param proof a code only where they have a second factor; it is used up
 * @param first looked at between the two, so that a refusal costs no code
 * @throws HttpError PASSWORD_WRONG, LOGIN_THROTTLED; Refusal CODE_WRONG, and what `first` throws
 */
export async function requireAllFactors(
  context: HttpContext,
  { caller, command }: { readonly caller: StaffMember; readonly command: CommandContext },
  proof: { readonly password: string; readonly code?: string | undefined },
  from: Origin,
  first: (account: Account) => void = () => undefined,
): Promise<Account> {
  const account = await requireOwnPassword(context, caller, proof.password, from);
  first(account);
  if (account.hasSecondFactor)
    await withCode(context, account, from, () => context.secondFactor.useCode(command, proof.code ?? ''));
  return account;
}

/** The longest sign-in, with every character escaped, is a third of it. */
export const AUTH_BODY = { bytes: 8 * 1024, members: 20 };

export const deviceOf = (req: Request): Device => ({
  address: req.ip ?? null,
  addressGroup: addressGroup(req.ip),
  userAgent: req.get('user-agent')?.slice(0, 300) ?? null,
});

export const accessToken = (
  context: HttpContext,
  { id: userId, role, division, privileges }: StaffMember,
  sessionId: string,
) => context.tokens.issue({ userId, sessionId, role, division, privileges: [...privileges] });

/** Members of every answer that lets somebody in. */
export const tokenMembers = {
  token: z.string().meta({ description: 'Access token (JWT), for `Authorization: Bearer`.' }),
  refresh_token: z.string().optional().meta({
    description: 'Opaque; good for one `POST /api/auth/refresh`. Not with `transport: cookie`.',
  }),
  expires_in: z
    .int()
    .meta({ description: 'Seconds until the access token expires.', example: ACCESS_SECONDS }),
};

export const ownUserOf = (member: StaffMember): z.infer<typeof own> => ({
  id: member.id,
  name: member.name,
  email: member.email,
  role: member.role,
  division: member.division,
  status: member.presence,
  privileges: [...member.privileges],
  must_change_password: member.mustChangePassword,
});

/**
 * Lets somebody in who has shown everything that the account asks for.
 * @param account as it was then: a change of password or rights since makes the new session worth nothing
 * @throws HttpError INVALID_CREDENTIALS; StoreUnavailable
 */
export async function startSession(
  context: HttpContext,
  { id: userId, sessionGeneration }: Pick<Account, 'id' | 'sessionGeneration'>,
  req: Request,
  info: RequestInfo,
) {
  const { sessionId, refreshToken } = await context.sessions.start(userId, sessionGeneration, deviceOf(req));
  const member = await context.permissions.now({ userId, sessionId }).catch(async (error: unknown) => {
    await context.sessions.end(sessionId, 'inactive');
    throw error instanceof HttpError ? new HttpError('INVALID_CREDENTIALS') : error;
  });
  await context.access.signedIn(member, sessionId, originOf(req, info));
  const token = await accessToken(context, member, sessionId);
  return { member, tokens: { token, refresh_token: refreshToken, expires_in: ACCESS_SECONDS } };
}

/**
 * Ends a session of the caller. After the last one they are offline (docs/design/business-rules.md#presence).
 * @throws StoreUnavailable
 */
export async function signOut(
  context: HttpContext,
  command: CommandContext,
  { caller }: Pick<SignedIn, 'caller'>,
  sessionId: string,
): Promise<void> {
  const ended = await context.sessions.find(sessionId);
  await context.sessions.end(sessionId, 'logout');
  await context.permissions.sessionEnded(sessionId);
  await context.access.signedOut(command, sessionId);
  if (caller.presence === 'offline' || !ended) return;
  const left = await context.sessions.ofUser(caller.id, ended.generation);
  if (left.length > 0) return;
  const { changed } = await context.commands.leaveDesk.loggedOut(command);
  if (changed) await context.permissions.userChanged(caller.id);
}

/**
 * The answer of a sign-in. Who signs in sits at no desk yet (docs/design/api.md#sessions-and-tokens), unless another
 * session of theirs is live: a phone does not take the desktop off.
 */
export async function signedInAnswer(
  context: HttpContext,
  account: Pick<Account, 'id' | 'sessionGeneration'>,
  req: Request,
  info: RequestInfo,
) {
  const { member, tokens } = await startSession(context, account, req, info);
  if (member.presence === 'offline') return { ...tokens, user: ownUserOf(member) };
  const sessions = await context.sessions.ofUser(member.id, account.sessionGeneration);
  if (sessions.length > 1) return { ...tokens, user: ownUserOf(member) };
  const command = { caller: member, requestId: info.id, correlationId: info.correlationId };
  await changePresence(context, command, member.id, { status: 'offline' });
  return { ...tokens, user: ownUserOf({ ...member, presence: 'offline' }) };
}

/** The answer of a sign-in as the client wants it. */
export const signedInDelivered = (
  { blindIndex }: Pick<HttpContext, 'blindIndex'>,
  answer: Awaited<ReturnType<typeof signedInAnswer>>,
  how: TokenTransport,
) => delivered(answer, how, technicianCookies(blindIndex, answer.user));
