/** Area: the inbox (docs/design/api.md#inbox). */
import { z } from 'zod';
import { crmObject } from '../../domain/crm/crm.ts';
import {
  channel,
  CRM_STAGES,
  type Division,
  QUEUE_STATUSES,
  TICKET_STATUSES,
  userDivision,
  uuid,
} from '../../domain/vocabulary.ts';
import { getCrm } from '../../projections/crm/crm.ts';
import { freeTickets, getTicket, listInbox } from '../../projections/tickets/inbox.ts';
import { crmObjectSchema, etagOf } from '../crm/crm.ts';
import { HttpError } from '../framework/errors.ts';
import { phoneIn } from '../../projections/tickets/search.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { EXAMPLE_TEXTS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { limitUpTo, ticketObject } from '../framework/schemas.ts';
import { scopeOfTicket, scopeWithin } from './ticket-scope.ts';
import { ticketParams } from '../framework/command-route.ts';

const TAG = 'Inbox';
const MOST_TAGS = 10;

/** `tags=a&tags=b`, `tags[]=a`, `tags=a,b`: all the same. */
const tagList = z
  .union([z.string(), z.array(z.string()).max(MOST_TAGS)])
  .transform((given) => [
    ...new Set([given].flat().flatMap((one) => one.split(',').map((name) => name.trim()))),
  ])
  .pipe(z.array(z.string().min(1).max(50)).min(1).max(MOST_TAGS))
  .meta({ description: 'Every one must match. Repeat it, or separate by commas.' });

const me = z.literal('me');
const flag = z.enum(['true', 'false']).transform((word) => word === 'true');
const offset = z
  .string()
  .regex(/^\d{1,7}$/)
  .transform(Number)
  .pipe(z.int().min(0).max(1_000_000));

const idleness = ({ clock, config }: HttpContext) => ({
  now: clock.now(),
  afterHours: config.idleAfterHours,
});

export const inbox = route({
  method: 'get',
  path: '/api/admin/inbox',
  name: 'listInbox',
  tag: TAG,
  summary: 'Tickets, newest activity first',
  description:
    'Filters narrow together. `division=all` for super admins and team leads. `meta.total` counts all that match; ' +
    '`meta.next_cursor` leads on, at the same price for every page.',
  access: 'inbox_read',
  reads: 'inbox',
  looksFor: ({ q }) => (typeof q === 'string' ? phoneIn(q) : null),
  query: {
    division: userDivision.optional(),
    status: z.enum(TICKET_STATUSES).optional(),
    queue_status: z.enum(QUEUE_STATUSES).optional(),
    tags: tagList.optional(),
    channel: channel.optional(),
    crm_stage: z.enum(CRM_STAGES).optional(),
    assigned_to: z.union([uuid, me]).optional(),
    q: z.string().trim().min(1).max(100).optional().meta({ description: 'Customer name or phone.' }),
    is_idle: flag.optional(),
    limit: limitUpTo(200, 50),
    offset: offset.optional(),
    cursor: z.string().min(1).max(500).optional(),
  },
  status: 200,
  data: z.strictObject({ tickets: z.array(ticketObject) }),
  meta: {
    total: z.int(),
    limit: z.int(),
    offset: z.int().optional(),
    next_cursor: z.string().optional(),
  },
  errors: ['DIVISION_FORBIDDEN'],
  examples: { status: 'in_progress', queue_status: 'assigned', assigned_to: 'me', is_idle: 'false' },
  async handle({ query, signedIn, context }) {
    const { caller } = signedIn;
    const { scope, divisions } = scopeWithin(caller, query.division);
    const page = await listInbox(
      context.read,
      scope,
      omitUndefined({
        divisions: [...divisions],
        status: query.status,
        queueStatus: query.queue_status,
        tags: query.tags,
        channel: query.channel,
        crmStage: query.crm_stage,
        assignedTo: query.assigned_to === 'me' ? caller.id : query.assigned_to,
        q: query.q,
        isIdle: query.is_idle,
        limit: query.limit,
        offset: query.offset,
        cursor: query.cursor,
        idle: idleness(context),
      }),
    );
    return {
      data: { json: `{"tickets":${page.json}}` },
      meta: omitUndefined({
        total: page.total,
        limit: query.limit,
        offset: query.offset ?? 0,
        next_cursor: page.nextCursor ?? undefined,
      }),
    };
  },
});

export const freeInbox = route({
  method: 'get',
  path: '/api/admin/inbox/free',
  name: 'listFreeTickets',
  tag: TAG,
  summary: 'FREE tickets: the bot is talking, no agent yet',
  description: "Of the caller's division, or of all divisions for super admins and team leads.",
  access: 'inbox_read',
  reads: 'inbox',
  status: 200,
  data: z.strictObject({ tickets: z.array(ticketObject) }),
  errors: [],
  examples: {
    'Ticket.status': 'new',
    'Ticket.queue_status': 'free',
    'Ticket.assigned_to': null,
    'Ticket.assigned_at': null,
    'Ticket.first_reply_at': null,
    'Ticket.crm_stage': 'Lead',
    'Ticket.tags': [],
    'Ticket.last_message_from': 'customer',
    'Ticket.last_message_preview': EXAMPLE_TEXTS.question,
  },
  async handle({ signedIn, context }) {
    const { scope, divisions } = scopeWithin(signedIn.caller, undefined);
    const { json } = await freeTickets(context.read, scope, [...divisions]);
    return { data: { json: `{"tickets":${json}}` } };
  },
});

export const ticket = route({
  method: 'get',
  path: '/api/admin/ticket/:id',
  name: 'getTicket',
  tag: TAG,
  summary: 'One ticket',
  description:
    'Also a ticket of another division that was assigned to the caller. The `ETag` is the version of its CRM data, ' +
    'for `If-Match` when you change them.',
  access: 'inbox_read',
  reads: 'ticket',
  params: ticketParams,
  status: 200,
  data: z.strictObject({ ticket: ticketObject, crm: crmObjectSchema }),
  errors: ['TICKET_NOT_FOUND', 'DIVISION_FORBIDDEN'],
  versioned: 'sent',
  async handle({ params, signedIn, context }) {
    const scope = await scopeOfTicket(context.read, signedIn.caller, params.id);
    const [found, crm] = await Promise.all([
      getTicket(context.read, scope, params.id, idleness(context)),
      getCrm(context.read, scope, params.id),
    ]);
    if (found === null) throw new HttpError('TICKET_NOT_FOUND');
    const wire = JSON.stringify(crmObject(scope.division as Division, crm));
    return { data: { json: `{"ticket":${found.json},"crm":${wire}}` }, etag: etagOf(crm.version) };
  },
});
