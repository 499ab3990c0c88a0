/** Area: which customers to write to again, and writing to them (docs/design/api.md#follow-up). */
import { z } from 'zod';
import { input as sendFollowUpInput } from '../../commands/follow-ups/send-follow-up.ts';
import { CATEGORIES } from '../../domain/follow-ups/follow-up-rules.ts';
import { visibleDivision } from '../../domain/staff/privileges.ts';
import { channel, CRM_STAGES, division, userDivision } from '../../domain/vocabulary.ts';
import { listRecommendations } from '../../projections/follow-ups/follow-ups.ts';
import { ERRORS } from '../framework/errors.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { EXAMPLE_IDS, EXAMPLE_TEXTS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, limitUpTo, person, time } from '../framework/schemas.ts';
import { scopeWithin } from '../tickets/ticket-scope.ts';
import { ON_TICKET, ticketParams } from '../framework/command-route.ts';
import { ticketAfterwards, withTicket } from '../tickets/ticket-after.ts';

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
    'since, that is closed by now, or whose customer has a newer open ticket, is left out. `meta.total` counts all that match.',
  access: 'followup_send',
  reads: 'followups',
  query: {
    division: userDivision.optional(),
    category: category.optional(),
    assigned_to: z.union([id, z.literal('me')]).optional(),
    limit: limitUpTo(1000, 500),
    cursor: z.string().min(1).max(500).optional(),
  },
  status: 200,
  data: z.strictObject({
    leads: z.array(
      z.strictObject({
        id,
        ticket_id: id,
        customer_id: id,
        customer_name: z.string().nullable(),
        customer_phone: z.string().nullable(),
        division,
        channel,
        crm_stage: z.enum(CRM_STAGES),
        category,
        reason: z.string(),
        assigned_to: person.nullable(),
        last_interaction_at: time,
        idle_days: z.int(),
        window_expires_at: time.nullable(),
        opted_out: z.boolean(),
        can_follow_up: z
          .boolean()
          .meta({ description: 'The caller may follow it up, and the customer wants offers.' }),
        is_acted: z.boolean(),
      }),
    ),
  }),
  meta: { total: z.int(), limit: z.int(), next_cursor: z.string().optional() },
  errors: ['DIVISION_FORBIDDEN'],
  examples: {
    reason: 'Penawaran terkirim 3 hari lalu, belum ada jawaban',
    idle_days: 3,
    opted_out: false,
    can_follow_up: true,
    is_acted: false,
    assigned_to: { id: EXAMPLE_IDS.andi, name: 'Andi Saputra' },
  },
  async handle({ query, signedIn, context }) {
    const { scope, divisions } = scopeWithin(signedIn.caller, query.division);
    const { caller } = signedIn;
    const { leads, total, nextCursor } = await listRecommendations(context.read, scope, {
      divisions,
      category: query.category ?? null,
      assignedTo: query.assigned_to === 'me' ? caller.id : (query.assigned_to ?? null),
      now: context.clock.now().toISOString(),
      cursor: query.cursor,
      limit: query.limit,
    });
    const seesAll = visibleDivision(caller) === 'all';
    const shown = leads.map((lead) => ({
      ...lead,
      can_follow_up: !lead.opted_out && (seesAll || lead.assigned_to?.id === caller.id),
    }));
    const meta = omitUndefined({ total, limit: query.limit, next_cursor: nextCursor ?? undefined });
    return { data: { leads: shown }, meta };
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
    'customer then gets and what the talk shows; a `message` that says something else is refused. Variables ' +
    '(`{{name}}`, `{{origin_city}}`, `{{destination_city}}`, `{{agent_name}}`) are filled as in a blast.',
  access: 'followup_send',
  reads: 'ticket',
  params: ticketParams,
  body: sendFollowUpInput,
  status: 201,
  data: z.strictObject({ message_id: id, sent_at: time, ticket: ticketAfterwards }),
  errors: [
    ...ON_TICKET,
    'NOT_ASSIGNEE',
    'SERVICE_WINDOW_CLOSED',
    'MESSAGE_TOO_LONG',
    'MESSAGE_NOT_SENT_AS_TEMPLATE',
    'CUSTOMER_OPTED_OUT',
    'TEMPLATE_NOT_FOUND',
    'TEMPLATE_NOT_USABLE',
  ],
  examples: { message: EXAMPLE_TEXTS.template },
  handle: async ({ params, body, command, signedIn, context }) =>
    withTicket(
      { context, signedIn },
      params.id,
      await context.commands.sendFollowUp(command, params.id, body),
    ),
});

export const previewFollowUp = route({
  method: 'post',
  path: '/api/admin/ticket/:id/followup/preview',
  name: 'previewFollowup',
  tag: TAG,
  summary: 'What a follow-up would say',
  description: 'Sends nothing. `refusal` says why it could not be sent now.',
  access: 'followup_send',
  reads: 'ticket',
  params: ticketParams,
  body: sendFollowUpInput,
  status: 200,
  data: z.strictObject({
    text: z.string().meta({ description: 'What the customer will read.' }),
    form: z.enum(['text', 'template']),
    missing: z
      .array(z.string())
      .meta({ description: 'Variables without a value; a neutral word stands there.' }),
    window_open: z.boolean(),
    opted_out: z.boolean(),
    sendable: z.boolean(),
    refusal: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  }),
  errors: [...ON_TICKET, 'NOT_ASSIGNEE', 'TEMPLATE_NOT_FOUND', 'TEMPLATE_NOT_USABLE'],
  examples: {
    message: EXAMPLE_TEXTS.template,
    text: EXAMPLE_TEXTS.sent,
    form: 'template',
    missing: [],
    window_open: false,
    opted_out: false,
    sendable: true,
    refusal: null,
  },
  async handle({ params, body, command, context }) {
    const shown = await context.commands.previewFollowUp(command, params.id, body);
    const { refusal } = shown;
    return {
      data: {
        text: shown.text,
        form: shown.form === null ? ('text' as const) : ('template' as const),
        missing: [...shown.missing],
        window_open: shown.windowOpen,
        opted_out: shown.optedOut,
        sendable: refusal === null,
        refusal: refusal === null ? null : { code: refusal, message: ERRORS[refusal].message },
      },
    };
  },
});
