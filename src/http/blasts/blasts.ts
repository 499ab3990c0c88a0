/** Area: blasts (docs/design/api.md#blast). */
import { z } from 'zod';
import { requireSome } from '../../commands/blasts/choose-recipients.ts';
import { input as createInput } from '../../commands/blasts/create-blast.ts';
import { noInput } from '../../commands/blasts/blast-access.ts';
import { input as rejectInput } from '../../commands/blasts/reject-blast.ts';
import { blastCategory, blastForm } from '../../domain/blasts/blast.ts';
import { type Caller, covers } from '../../domain/staff/privileges.ts';
import { division } from '../../domain/vocabulary.ts';
import { blastStatus } from '../../projections/blasts/blast-progress.ts';
import { getBlast, listBlasts, type BlastAuthors } from '../../projections/blasts/blasts.ts';
import { listUsers } from '../../projections/staff/users.ts';
import { HttpError } from '../framework/errors.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { EXAMPLE_IDS, EXAMPLE_TEXTS, LEFT_OUT } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, limitUpTo, person, time } from '../framework/schemas.ts';
import { scopeOf } from '../tickets/ticket-scope.ts';
import { BLAST_BODY, consideredFor, plannedFor } from './blast-preview.ts';
import { answerOf } from '../framework/command-route.ts';

const TAG = 'Follow-up and blast';
const params = { id };
const status = z.enum(['pending', 'approved', 'sending', 'paused', 'rejected', 'cancelled', 'done']);

const blast = {
  id,
  status,
  message: z.string(),
  template: z.strictObject({ id, name: z.string(), language: z.string() }).meta({
    memberExamples: { id: EXAMPLE_IDS.template, name: 'Tanya kabar penawaran' },
  }),
  recipient_count: z.int(),
  created_by: person,
  created_at: time,
  approved_at: time.nullable(),
  rejected_at: time.nullable(),
  reject_reason: z.string().nullable(),
  pause_reason: z
    .string()
    .nullable()
    .meta({ description: 'Set when the program paused it: code of the channel, or of the template.' }),
  finished_at: time.nullable(),
};
const blastObject = z.strictObject(blast).meta({
  id: 'Blast',
  memberExamples: {
    id: EXAMPLE_IDS.blast,
    message: EXAMPLE_TEXTS.template,
    status: 'sending',
    rejected_at: null,
    finished_at: null,
  },
});

const recipient = z
  .strictObject({
    ticket_id: id,
    customer_name: z.string().nullable(),
    division,
    category: blastCategory,
    status: z.enum([
      'planned',
      'attempted',
      'deferred',
      'accepted',
      'delivered',
      'read',
      'responded',
      'failed',
      'unknown',
      'skipped',
    ]),
    form: blastForm.nullable().meta({ description: 'How it went out: free text, or the template.' }),
    preview: z.string().meta({ description: 'The message as this customer gets it within 24 h.' }),
    template_preview: z.string().meta({ description: 'The template as this customer gets it after 24 h.' }),
    message_id: id.nullable(),
    sent_at: time.nullable(),
    reason: z.string().nullable(),
    responded_at: time.nullable(),
  })
  .meta({
    id: 'BlastRecipient',
    memberExamples: { status: 'delivered', reason: null },
  });

const percent = z.number().min(0).max(100);
const effect = z.strictObject({
  recipients: z.int(),
  sent: z.int(),
  responded: z.int(),
  response_rate_pct: percent,
});

/** What became of a blast so far: as `GET .../status` and the live stream tell it. */
export const blastProgressObject = z
  .strictObject({
    status,
    total_recipients: z.int(),
    total_sent: z.int(),
    total_failed: z.int(),
    total_responded: z.int(),
    response_rate_pct: percent,
    total_skipped: z.int().meta({ description: 'Opted out, or outside 24 h without a template.' }),
    total_unknown: z.int().meta({ description: 'May or may not have gone out: never sent again by itself.' }),
    pause_reason: z.string().nullable(),
    per_category: z.strictObject({ PANAS: effect, HANGAT: effect, DINGIN: effect, NONE: effect }),
  })
  .meta({
    memberExamples: {
      total_recipients: 100,
      total_sent: 60,
      total_failed: 1,
      total_responded: 12,
      total_skipped: 2,
      total_unknown: 0,
    },
  });

/** A creator sees their own; who approves sees all within their scope. */
const makersFor = (caller: Caller): BlastAuthors =>
  caller.privileges.has('blast_approve') ? 'all' : { creatorId: caller.id };

export const createBlast = route({
  method: 'post',
  path: '/api/admin/blast/create',
  name: 'createBlast',
  tag: TAG,
  summary: 'Prepare a message to many',
  description:
    'Waits for the approval of another person. Only tickets the caller may see, only customers who wrote before, ' +
    'each customer once. `filter` instead of `recipients` takes those that `POST .../preview` calls sendable. The message may use {{name}}, {{origin_city}}, {{destination_city}}, {{agent_name}}; ' +
    'customers who wrote last over 24 hours ago get the template instead.',
  access: 'blast_create',
  limits: BLAST_BODY,
  body: createInput,
  status: 201,
  data: z.strictObject({ blast_id: id, recipient_count: z.int(), status: z.literal('pending') }),
  errors: [
    'TICKET_NOT_FOUND',
    'DIVISION_FORBIDDEN',
    'TEMPLATE_NOT_FOUND',
    'TEMPLATE_NOT_USABLE',
    'BLAST_RECIPIENTS_REFUSED',
    'BUSY',
  ],
  examples: {
    recipients: [EXAMPLE_IDS.ticket],
    filter: LEFT_OUT,
    message: EXAMPLE_TEXTS.template,
  },
  async handle({ body, command, signedIn, context }) {
    const { caller } = signedIn;
    await context.readYourWrites.ready(caller.id);
    const { tickets, isMore } = await consideredFor(context, caller, body);
    const chosen =
      body.filter === undefined
        ? tickets
        : requireSome(tickets, await plannedFor(context, body.template_id, tickets), isMore);
    const approvers = (await listUsers(context.staff))
      .filter(({ active, privileges }) => active && privileges.has('blast_approve'))
      .filter((one) => chosen.every((ticket) => covers(one, ticket.division)))
      .map((one) => one.id);
    return answerOf(await context.commands.createBlast(command, body, chosen, approvers));
  },
});

export const blasts = route({
  method: 'get',
  path: '/api/admin/blast',
  name: 'listBlasts',
  tag: TAG,
  summary: 'Blasts, newest first',
  description:
    'Those the caller made; all of them for who approves. Only blasts whose recipients are all of divisions they see.',
  access: 'blast_create',
  query: {
    status: status.optional(),
    limit: limitUpTo(200, 50),
    cursor: z.string().min(1).max(500).optional(),
  },
  status: 200,
  data: z.strictObject({ blasts: z.array(blastObject) }),
  meta: { limit: z.int(), next_cursor: z.string().optional() },
  errors: [],
  async handle({ query, signedIn: { caller }, context }) {
    const page = await listBlasts(
      context.read,
      scopeOf(caller),
      makersFor(caller),
      omitUndefined({ limit: query.limit, cursor: query.cursor, status: query.status }),
    );
    return {
      data: { blasts: [...page.blasts] },
      meta: omitUndefined({ limit: query.limit, next_cursor: page.nextCursor ?? undefined }),
    };
  },
});

export const oneBlast = route({
  method: 'get',
  path: '/api/admin/blast/:id',
  name: 'getBlast',
  tag: TAG,
  summary: 'A blast with its recipients',
  description: 'Each with the message as they get it, and how far it came.',
  access: 'blast_create',
  reads: 'blast',
  params,
  status: 200,
  data: z.strictObject({ blast: z.strictObject({ ...blast, recipients: z.array(recipient) }) }),
  errors: ['BLAST_NOT_FOUND'],
  examples: {
    rejected_at: null,
    finished_at: null,
    id: EXAMPLE_IDS.blast,
    message: EXAMPLE_TEXTS.template,
    status: 'sending',
  },
  async handle({ params: { id: blastId }, signedIn: { caller }, context }) {
    const found = await getBlast(context.read, scopeOf(caller), makersFor(caller), blastId);
    if (!found) throw new HttpError('BLAST_NOT_FOUND');
    return { data: { blast: found } };
  },
});

export const blastProgress = route({
  method: 'get',
  path: '/api/admin/blast/:id/status',
  name: 'getBlastStatus',
  tag: TAG,
  summary: 'What became of a blast',
  description:
    'Counts so far. `total_sent`: the channel took it. Responded: the customer wrote within 72 hours of it, or ' +
    'answered that very message.',
  access: 'blast_create',
  params,
  status: 200,
  data: blastProgressObject,
  errors: ['BLAST_NOT_FOUND'],
  examples: { id: EXAMPLE_IDS.blast, status: 'sending', recipients: 25, sent: 15, responded: 3 },
  async handle({ params: { id: blastId }, signedIn: { caller }, context }) {
    const found = await blastStatus(context.read, scopeOf(caller), makersFor(caller), blastId);
    if (!found) throw new HttpError('BLAST_NOT_FOUND');
    return { data: found };
  },
});

export const approveBlast = route({
  method: 'post',
  path: '/api/admin/blast/:id/approve',
  name: 'approveBlast',
  tag: TAG,
  summary: 'Let a blast be sent',
  description: 'As it is: recipients, message and template. Nobody approves their own. Decided once.',
  access: 'blast_approve',
  params,
  body: noInput,
  status: 200,
  data: z.strictObject({
    approved_at: time,
    estimated_send_duration_min: z
      .number()
      .meta({ description: 'Recipients times the delay between two messages.' }),
  }),
  errors: ['BLAST_NOT_FOUND', 'BLAST_NOT_PENDING', 'BLAST_OWN_APPROVAL', 'BUSY'],
  examples: { id: EXAMPLE_IDS.blast },
  handle: async ({ params: { id: blastId }, command, context }) =>
    answerOf(await context.commands.approveBlast(command, blastId)),
});

export const rejectBlast = route({
  method: 'post',
  path: '/api/admin/blast/:id/reject',
  name: 'rejectBlast',
  tag: TAG,
  summary: 'Refuse a blast',
  description: 'With a reason that its creator reads. Decided once.',
  access: 'blast_approve',
  params,
  body: rejectInput,
  status: 200,
  data: z.strictObject({ rejected_at: time }),
  errors: ['BLAST_NOT_FOUND', 'BLAST_NOT_PENDING', 'BUSY'],
  examples: { id: EXAMPLE_IDS.blast, reason: 'Pesannya belum jelas, tolong sebut masa berlaku penawaran.' },
  handle: async ({ params: { id: blastId }, body, command, context }) =>
    answerOf(await context.commands.rejectBlast(command, blastId, body)),
});

export const pauseBlast = route({
  method: 'post',
  path: '/api/admin/blast/:id/pause',
  name: 'pauseBlast',
  tag: TAG,
  summary: 'Hold a blast',
  description: 'Nothing more leaves until it is resumed; the one message under way may.',
  access: 'blast_create',
  params,
  body: noInput,
  status: 200,
  data: z.strictObject({ paused_at: time }),
  errors: ['BLAST_NOT_FOUND', 'BLAST_NOT_SENDING', 'BUSY'],
  examples: { id: EXAMPLE_IDS.blast },
  handle: async ({ params: { id: blastId }, command, context }) =>
    answerOf(await context.commands.pauseBlast(command, blastId)),
});

export const resumeBlast = route({
  method: 'post',
  path: '/api/admin/blast/:id/resume',
  name: 'resumeBlast',
  tag: TAG,
  summary: 'Let a held blast go on',
  description: 'By who held it, or by one who may approve.',
  access: 'blast_create',
  params,
  body: noInput,
  status: 200,
  data: z.strictObject({ resumed_at: time }),
  errors: ['BLAST_NOT_FOUND', 'BLAST_NOT_PAUSED', 'BUSY'],
  examples: { id: EXAMPLE_IDS.blast },
  handle: async ({ params: { id: blastId }, command, context }) =>
    answerOf(await context.commands.resumeBlast(command, blastId)),
});

export const cancelBlast = route({
  method: 'post',
  path: '/api/admin/blast/:id/cancel',
  name: 'cancelBlast',
  tag: TAG,
  summary: 'End a blast for good',
  description: 'Nothing more leaves; who was reached stays reached.',
  access: 'blast_create',
  params,
  body: noInput,
  status: 200,
  data: z.strictObject({ cancelled_at: time }),
  errors: ['BLAST_NOT_FOUND', 'BLAST_OVER', 'BUSY'],
  examples: { id: EXAMPLE_IDS.blast },
  handle: async ({ params: { id: blastId }, command, context }) =>
    answerOf(await context.commands.cancelBlast(command, blastId)),
});
