/** Area: which customers to write to again, and writing to them (docs/design/api.md#follow-up). */
import { z } from 'zod';
import { input as sendFollowUpInput } from '../../commands/follow-ups/send-follow-up.ts';
import { CATEGORIES } from '../../domain/follow-ups/follow-up-rules.ts';
import { CRM_STAGES, division, userDivision } from '../../domain/vocabulary.ts';
import { listRecommendations } from '../../projections/follow-ups/follow-ups.ts';
import { EXAMPLE_TEXTS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, limitUpTo, time } from '../framework/schemas.ts';
import { scopeWithin } from '../tickets/ticket-scope.ts';
import { answerOf, ON_TICKET, ticketParams } from '../framework/command-route.ts';

const TAG = 'Follow-up';
const category = z.enum(CATEGORIES);

export const recommendations = route({
  method: 'get',
  path: '/api/admin/followup/recommendations',
  name: 'listRecommendations',
  tag: TAG,
  summary: 'Customers to follow up, and why',
  description:
    'What the last night recommended, hottest first. A ticket that was followed up, answered or reached by a blast ' +
    'since, or that is closed by now, is left out. `meta.total` counts all that match.',
  access: 'followup_send',
  reads: 'followups',
  query: { division: userDivision.optional(), category: category.optional(), limit: limitUpTo(1000, 500) },
  status: 200,
  data: z.strictObject({
    leads: z.array(
      z.strictObject({
        ticket_id: id,
        customer_name: z.string().nullable(),
        division,
        crm_stage: z.enum(CRM_STAGES),
        category,
        reason: z.string(),
        last_interaction_at: time,
      }),
    ),
  }),
  meta: { total: z.int(), limit: z.int() },
  errors: ['DIVISION_FORBIDDEN'],
  examples: { reason: 'Penawaran terkirim 3 hari lalu, belum ada jawaban' },
  async handle({ query, signedIn, context }) {
    const { scope, divisions } = scopeWithin(signedIn.caller, query.division);
    const { leads, total } = await listRecommendations(context.read, scope, {
      divisions,
      category: query.category ?? null,
      limit: query.limit,
    });
    return { data: { leads: [...leads] }, meta: { total, limit: query.limit } };
  },
});

export const sendFollowUp = route({
  method: 'post',
  path: '/api/admin/ticket/:id/followup',
  name: 'sendFollowup',
  tag: TAG,
  summary: 'Write to one customer again',
  description:
    'Agents on tickets of their own, team leads and super admins on any, also on a closed one. Delivered like a reply. ' +
    'On WhatsApp, 24 hours after the last message of the customer, only with an approved template: that is what the ' +
    'customer then gets, and `message` is how it reads here.',
  access: 'followup_send',
  params: ticketParams,
  body: sendFollowUpInput,
  status: 201,
  data: z.strictObject({ message_id: id, sent_at: time }),
  errors: [
    ...ON_TICKET,
    'NOT_ASSIGNEE',
    'SERVICE_WINDOW_CLOSED',
    'MESSAGE_TOO_LONG',
    'TEMPLATE_NOT_FOUND',
    'TEMPLATE_NOT_USABLE',
  ],
  examples: { message: EXAMPLE_TEXTS.template },
  handle: async ({ params, body, command, context }) =>
    answerOf(await context.commands.sendFollowUp(command, params.id, body)),
});
