/** Area: answers that people keep ready (docs/design/api.md#quick-replies). */
import { z } from 'zod';
import { input, patchInput } from '../../commands/settings/quick-replies.ts';
import { division } from '../../domain/vocabulary.ts';
import { answerOf } from '../framework/command-route.ts';
import { route } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';

const TAG = 'Conversation (L1)';
const PATH = '/api/admin/quick-replies';

const quickReply = z
  .strictObject({
    id,
    shortcut: z.string(),
    title: z.string(),
    body: z.string(),
    variables: z.array(z.string()).meta({ description: 'Those of a blast that `body` uses.' }),
    division: division.nullable(),
    personal: z.boolean(),
  })
  .meta({
    id: 'QuickReply',
    memberExamples: { shortcut: 'ongkir', title: 'Minta volume', division: 'sari', personal: false },
  });
const examples = { shortcut: 'ongkir', title: 'Minta volume', division: 'sari', personal: false };

export const listQuickReplies = route({
  method: 'get',
  path: PATH,
  name: 'listQuickReplies',
  tag: TAG,
  summary: 'Answers that are kept ready',
  description: "Of everybody, of the caller's division, and their own.",
  access: 'reply',
  status: 200,
  data: z.strictObject({ quick_replies: z.array(quickReply) }),
  errors: [],
  handle: async ({ signedIn, context }) => ({
    data: { quick_replies: await context.commands.quickReplies.list(signedIn.caller) },
  }),
});

export const defineQuickReply = route({
  method: 'post',
  path: PATH,
  name: 'defineQuickReply',
  tag: TAG,
  summary: 'Keep an answer ready',
  description:
    'A `personal` one for oneself. One for a division, or for all (`division` null), needs `manage_templates`. A shortcut is one among those ' +
    'who share it, however it is written.',
  access: 'reply',
  body: input,
  status: 201,
  data: z.strictObject({ quick_reply: quickReply }),
  errors: ['FORBIDDEN', 'DIVISION_FORBIDDEN', 'SHORTCUT_TAKEN', 'BUSY'],
  examples,
  handle: async ({ body, command, context }) =>
    answerOf(await context.commands.quickReplies.define(command, body)),
});

export const patchQuickReply = route({
  method: 'patch',
  path: `${PATH}/:id`,
  name: 'patchQuickReply',
  tag: TAG,
  summary: 'Change an answer that is kept ready',
  description: 'Whose it is stays.',
  access: 'reply',
  params: { id },
  body: patchInput,
  status: 200,
  data: z.strictObject({ quick_reply: quickReply }),
  errors: ['QUICK_REPLY_NOT_FOUND', 'FORBIDDEN', 'DIVISION_FORBIDDEN', 'SHORTCUT_TAKEN', 'BUSY'],
  examples,
  handle: async ({ params, body, command, context }) =>
    answerOf(await context.commands.quickReplies.patch(command, params.id, body)),
});

export const deleteQuickReply = route({
  method: 'delete',
  path: `${PATH}/:id`,
  name: 'deleteQuickReply',
  tag: TAG,
  summary: 'Keep an answer ready no longer',
  description: 'What was said with it stays said.',
  access: 'reply',
  params: { id },
  status: 204,
  data: null,
  errors: ['QUICK_REPLY_NOT_FOUND', 'FORBIDDEN', 'DIVISION_FORBIDDEN', 'BUSY'],
  async handle({ params, command, context }) {
    const { position } = await context.commands.quickReplies.remove(command, params.id);
    return { data: null, position };
  },
});
