/** Area: the catalogue of templates (docs/design/api.md#templates). */
import { z } from 'zod';
import { input as defineInput } from '../../commands/blasts/define-template.ts';
import { input as patchInput } from '../../commands/blasts/patch-template.ts';
import { templateState } from '../../domain/blasts/template.ts';
import { listTemplates } from '../../projections/blasts/templates.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';
import { scopeOf } from '../tickets/ticket-scope.ts';
import { answerOf } from '../framework/command-route.ts';

const TAG = 'Follow-up and blast';

const template = {
  id,
  name: z.string(),
  language: z.string().meta({ example: 'id' }),
  body: z.string().meta({ example: 'Halo {{name}}, rencana kirim ke {{destination_city}} jadi kapan?' }),
  variables: z.array(z.string()),
  whatsapp_template_name: z
    .string()
    .nullable()
    .meta({ description: 'Name under which Meta approved it; null: only within 24 h.' }),
  content_sid: z.string().nullable().meta({
    description:
      'Sid of the same content at Twilio, whose variables 1, 2, ... are `variables`; null: not on such lines.',
    example: 'HX0123456789abcdef0123456789abcdef',
  }),
  state: templateState,
};
const memberExamples = { id: EXAMPLE_IDS.template, name: 'Tanya kabar penawaran' };
const templateObject = z.strictObject(template).meta({ id: 'Template', memberExamples });
const listedTemplate = z
  .strictObject({
    ...template,
    state_reason: z.string().nullable().meta({ description: "Meta's word, where it changed the state." }),
  })
  .meta({ memberExamples });

export const followUpTemplates = route({
  method: 'get',
  path: '/api/admin/followup/templates',
  name: 'listFollowupTemplates',
  tag: TAG,
  summary: 'Templates that may be used now',
  description: 'Those that are paused, rejected or disabled are left out.',
  access: 'followup_send',
  status: 200,
  data: z.strictObject({
    templates: z.array(
      z.strictObject({ id, name: z.string(), body: z.string(), variables: z.array(z.string()) }),
    ),
  }),
  errors: [],
  examples: memberExamples,
  async handle({ signedIn, context }) {
    const rows = await listTemplates(context.read, scopeOf(signedIn.caller), { usable: true });
    return {
      data: { templates: rows.map(({ id, name, body, variables }) => ({ id, name, body, variables })) },
    };
  },
});

export const templates = route({
  method: 'get',
  path: '/api/admin/templates',
  name: 'listTemplates',
  tag: TAG,
  summary: 'The catalogue of templates',
  description: 'In every state.',
  access: 'manage_templates',
  status: 200,
  data: z.strictObject({ templates: z.array(listedTemplate) }),
  errors: [],
  handle: async ({ signedIn, context }) => ({
    data: { templates: [...(await listTemplates(context.read, scopeOf(signedIn.caller)))] },
  }),
});

export const defineTemplate = route({
  method: 'post',
  path: '/api/admin/templates',
  name: 'defineTemplate',
  tag: TAG,
  summary: 'Add a template',
  description:
    'The body may use {{name}}, {{origin_city}}, {{destination_city}} and {{agent_name}}: named parameters of the ' +
    'template that Meta approved under `whatsapp_template_name`. Without that name it is not sent outside the ' +
    '24 hours.',
  access: 'manage_templates',
  body: defineInput,
  status: 201,
  data: templateObject,
  errors: ['TEMPLATE_NAME_TAKEN', 'TEMPLATE_NOT_FOUND', 'BUSY'],
  examples: { name: 'Tanya kabar penawaran', content_sid: null },
  handle: async ({ body, command, context }) =>
    answerOf(await context.commands.defineTemplate(command, body)),
});

export const patchTemplate = route({
  method: 'patch',
  path: '/api/admin/templates/:id',
  name: 'patchTemplate',
  tag: TAG,
  summary: 'Change a template, or whether it may be used',
  description: 'A blast that was approved with other words stops until it is cancelled and created again.',
  access: 'manage_templates',
  params: { id },
  body: patchInput,
  status: 200,
  data: templateObject,
  errors: ['TEMPLATE_NAME_TAKEN', 'TEMPLATE_NOT_FOUND', 'BUSY'],
  examples: { id: EXAMPLE_IDS.template, name: 'Tanya kabar penawaran', content_sid: null },
  handle: async ({ params, body, command, context }) =>
    answerOf(await context.commands.patchTemplate(command, params.id, body)),
});

export const deleteTemplate = route({
  method: 'delete',
  path: '/api/admin/templates/:id',
  name: 'deleteTemplate',
  tag: TAG,
  summary: 'Take a template out of the catalogue',
  description: 'A blast that was approved with it stops until it is cancelled.',
  access: 'manage_templates',
  params: { id },
  status: 204,
  data: null,
  errors: ['TEMPLATE_NOT_FOUND', 'BUSY'],
  examples: { id: EXAMPLE_IDS.template },
  async handle({ params, command, context }) {
    const { position } = await context.commands.deleteTemplate(command, params.id);
    return { data: null, position };
  },
});
