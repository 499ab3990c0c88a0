/** Area: the catalogue of tags (docs/design/api.md#tag-catalogue). */
import { z } from 'zod';
import { input as tagInput } from '../../commands/settings/define-tag.ts';
import { listTags } from '../../projections/settings/tags.ts';
import { route } from '../framework/route.ts';
import { id, tagObject } from '../framework/schemas.ts';
import { input as patchInput } from '../../commands/settings/change-tag.ts';
import { scopeOf } from '../tickets/ticket-scope.ts';
import { answerOf } from '../framework/command-route.ts';

const TAG = 'Administration';

export const tags = route({
  method: 'get',
  path: '/api/admin/tags',
  name: 'listTags',
  tag: TAG,
  summary: 'Tags to choose from',
  description: 'A ticket may carry tags that are not among them.',
  access: 'authenticated',
  status: 200,
  data: z.strictObject({ tags: z.array(tagObject) }),
  errors: [],
  handle: async ({ signedIn, context }) => ({
    data: { json: `{"tags":${await listTags(context.read, scopeOf(signedIn.caller))}}` },
  }),
});

export const defineTag = route({
  method: 'post',
  path: '/api/admin/tags',
  name: 'defineTag',
  tag: TAG,
  summary: 'Add a tag to choose from',
  description: 'Names differ by more than capitals and accents typed in another way.',
  access: 'manage_tags',
  body: tagInput,
  status: 201,
  data: tagObject,
  errors: ['TAG_NAME_TAKEN', 'BUSY'],
  examples: { name: 'kargo' },
  handle: async ({ body, command, context }) => answerOf(await context.commands.defineTag(command, body)),
});

export const patchTag = route({
  method: 'patch',
  path: '/api/admin/tags/:id',
  name: 'patchTag',
  tag: TAG,
  summary: 'Change a tag to choose from',
  description: 'Tickets keep the word that they have.',
  access: 'manage_tags',
  params: { id },
  body: patchInput,
  status: 200,
  data: tagObject,
  errors: ['TAG_NOT_FOUND', 'TAG_NAME_TAKEN', 'BUSY'],
  examples: { name: 'kargo' },
  handle: async ({ params, body, command, context }) =>
    answerOf(await context.commands.patchTag(command, params.id, body)),
});

export const deleteTag = route({
  method: 'delete',
  path: '/api/admin/tags/:id',
  name: 'deleteTag',
  tag: TAG,
  summary: 'Take a tag out of the choice',
  description: 'Tickets keep the word that they have.',
  access: 'manage_tags',
  params: { id },
  status: 204,
  data: null,
  errors: ['TAG_NOT_FOUND', 'TAG_OF_SYSTEM', 'BUSY'],
  async handle({ params, command, context }) {
    const { position } = await context.commands.deleteTag(command, params.id);
    return { data: null, position };
  },
});
