/** Area: the Telegram account of a person of staff (docs/design/field-service.md#staff-bot). */
import { z } from 'zod';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, time } from '../framework/schemas.ts';

const code = {
  status: 201,
  secretAnswer: true,
  data: z.strictObject({
    code: z
      .string()
      .meta({ example: '7KQ2MXPB', description: 'To be sent to the staff bot as `/start <code>`.' }),
    expires_at: time,
  }),
} as const;
const ofSomebody = {
  tag: 'Administration',
  access: 'manage_users',
  params: { id },
  examples: { id: EXAMPLE_IDS.andi },
} as const;
const NOT_THEIRS = [
  'USER_NOT_FOUND',
  'DIVISION_FORBIDDEN',
  'SUPER_ADMIN_PROTECTED',
  'ROLE_ABOVE_OWN',
  'PRIVILEGE_ABOVE_OWN',
  'BUSY',
] as const;

export const telegramCode = route({
  ...ofSomebody,
  ...code,
  method: 'post',
  path: '/api/admin/users/:id/telegram-code',
  name: 'issueTelegramCode',
  summary: 'A code that links somebody to Telegram',
  description:
    'Good once and for ten minutes. Who sends it to the staff bot acts as that person there: it needs as much authority as a new password.',
  errors: NOT_THEIRS,
  handle: async ({ params, command, context }) => ({
    data: await context.telegramLinks.issueCode(command, params.id),
  }),
});

export const unlinkTelegram = route({
  ...ofSomebody,
  method: 'delete',
  path: '/api/admin/users/:id/telegram',
  name: 'unlinkTelegram',
  summary: 'Take somebody off the staff bot',
  description: 'The staff bot knows them no more. Who is not linked stays so.',
  status: 204,
  data: null,
  errors: NOT_THEIRS,
  async handle({ params, command, context }) {
    const { position } = await context.telegramLinks.unlink(command, params.id);
    return { data: null, position };
  },
});

export const ownTelegramCode = route({
  ...code,
  method: 'post',
  path: '/api/auth/me/telegram-code',
  name: 'issueOwnTelegramCode',
  tag: 'Auth',
  summary: 'A code that links me to Telegram',
  description: 'Good once and for ten minutes: send `/start <code>` to the staff bot.',
  access: 'authenticated',
  errors: ['USER_NOT_FOUND', 'BUSY'],
  handle: async ({ signedIn, command, context }) => ({
    data: await context.telegramLinks.issueCode(command, signedIn.caller.id),
  }),
});

export const unlinkOwnTelegram = route({
  method: 'delete',
  path: '/api/auth/me/telegram',
  name: 'unlinkOwnTelegram',
  tag: 'Auth',
  summary: 'Take me off the staff bot',
  description: 'The staff bot knows the caller no more. Who is not linked stays so.',
  access: 'authenticated',
  status: 204,
  data: null,
  errors: ['USER_NOT_FOUND', 'BUSY'],
  async handle({ signedIn, command, context }) {
    const { position } = await context.telegramLinks.unlink(command, signedIn.caller.id);
    return { data: null, position };
  },
});
