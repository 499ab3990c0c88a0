/** Area: the own password (docs/design/api.md#sessions-and-tokens). A stolen session is not enough to change it. */
import { z } from 'zod';
import { newPassword } from '../../commands/staff/change-password.ts';
import { requireGoodPassword, requireOtherPassword } from '../../domain/staff/password.ts';
import { route } from '../framework/route.ts';
import { AUTH_BODY, LONGEST_PASSWORD, oneTimeCode, originOf, requireAllFactors } from './credentials.ts';

export const changePassword = route({
  method: 'post',
  path: '/api/auth/password',
  name: 'changePassword',
  tag: 'Auth',
  summary: 'Change the own password',
  description:
    'With the present one (also a temporary one), which is throttled as a sign-in is, and a code where there is a second factor. All other sessions of the person end, and all streams; this session goes on.',
  access: 'authenticated',
  beforeOwnPassword: true,
  beforeSecondFactor: true,
  secretAnswer: true,
  limits: AUTH_BODY,
  body: z.strictObject({
    current_password: z.string().min(1).max(LONGEST_PASSWORD),
    new_password: newPassword,
    code: oneTimeCode.optional(),
  }),
  status: 204,
  data: null,
  examples: { current_password: 'sapi terbang malam', new_password: 'kuda lumping pagi' },
  errors: [
    'PASSWORD_WRONG',
    'PASSWORD_EXPIRED',
    'CODE_WRONG',
    'PASSWORD_TOO_EASY',
    'PASSWORD_UNCHANGED',
    'LOGIN_THROTTLED',
    'USER_NOT_FOUND',
    'BUSY',
  ],
  async handle({ body, signedIn, command, req, info, context }) {
    const { caller, sessionId } = signedIn;
    const { current_password: password, new_password, code } = body;
    const proof = { password, code };
    const proven = await requireAllFactors(
      context,
      { caller, command },
      proof,
      originOf(req, info),
      ({ email }) => {
        requireOtherPassword(password, new_password);
        requireGoodPassword(new_password, email);
      },
    );
    const { position, sessionGeneration } = await context.commands.changePassword(command, proven, {
      new_password,
    });
    await context.sessions.goOn(sessionId, sessionGeneration);
    await context.sessions.endOlderThan(caller.id, sessionGeneration, 'password');
    await context.permissions.sessionEnded(sessionId);
    await context.permissions.sessionsEnded(caller.id);
    return { data: null, position };
  },
});
