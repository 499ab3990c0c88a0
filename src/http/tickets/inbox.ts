/** Area: the inbox (docs/design/api.md#inbox). */
import { z } from 'zod';
import { crmObject } from '../../domain/crm/crm.ts';
import {
  CHANNELS,
  CRM_STAGES,
  type Division,
  QUEUE_LABELS,
  QUEUE_STATUSES,
  TICKET_STATUSES,
  userDivision,
  uuid,
} from '../../domain/vocabulary.ts';
import { getCrm } from '../../projections/crm/crm.ts';
import { getTicket, listInbox } from '../../projections/tickets/inbox.ts';
import { deskCounts } from '../../projections/tickets/inbox-counts.ts';
import { NOT_ASSIGNED, SORTS } from '../../projections/tickets/inbox-filter.ts';
import { crmObjectSchema, etagOf } from '../crm/crm.ts';
import { HttpError } from '../framework/errors.ts';
import { numberIn } from '../../projections/tickets/search.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { EXAMPLE_TEXTS, LEFT_OUT } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { flagInQuery, limitUpTo, person, ticketObject, wholeInQuery } from '../framework/schemas.ts';
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

/** `status=new,in_progress` or repeated: one of them must match. */
const wordList = <T extends string>(words: readonly [T, ...T[]]) =>
  z
    .any()
    .meta({
      description: 'Several may be given, repeated or separated by commas: one of them must match.',
      anyOf: [
        { type: 'string', enum: [...words] },
        { type: 'array', items: { type: 'string', enum: [...words] } },
      ],
    })
    .transform((given: unknown) => [
      ...new Set(
        [given].flat().flatMap((one) =>
          String(one)
            .split(',')
            .map((word) => word.trim()),
        ),
      ),
    ])
    .pipe(z.array(z.enum(words)).min(1).max(words.length))
    .optional();

const me = z.literal('me');
const none = z.literal(NOT_ASSIGNED);
const yes = z
  .literal('true')
  .transform(() => true)
  .meta({ inQuery: { type: 'boolean', const: true } });
const whole = (most: number) => wholeInQuery(0, most, 7);
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());
/** What is looked for in lists of customers and their tickets. */
export const search = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .optional()
  .meta({ description: 'Customer name or phone.' });
/** Where the next page begins. */
export const cursor = z.string().min(1).max(500).optional();

const idleness = ({ clock, config }: HttpContext) => ({
  now: clock.now(),
  afterHours: config.idleAfterHours,
});
const LONGEST_WAIT_MINUTES = 60 * 24 * 366;

export const inbox = route({
  method: 'get',
  path: '/api/admin/inbox',
  name: 'listInbox',
  tag: TAG,
  summary: 'Tickets, newest activity first',
  description:
    'Filters narrow together. `division=all` for super admins and team leads. `meta.total` counts all that match; ' +
    '`meta.next_cursor` leads on, at the same price for every page. `queue_status` without `status` means open tickets. ' +
    'What was put aside (`snoozed_until`) is left out of `open=true`, `view=mine` and `assigned_to=<id>`.',
  access: 'inbox_read',
  reads: 'inbox',
  looksFor: ({ q }) => (typeof q === 'string' ? numberIn(q) : null),
  query: {
    division: userDivision.optional(),
    view: z
      .literal('mine')
      .optional()
      .meta({ description: 'Open tickets of the caller, and those that wait for them.' }),
    status: wordList(TICKET_STATUSES),
    queue_status: wordList(QUEUE_STATUSES),
    queue_label: wordList(QUEUE_LABELS),
    open: flagInQuery.optional(),
    tags: tagList.optional(),
    channel: wordList(CHANNELS),
    crm_stage: wordList(CRM_STAGES),
    assigned_to: z.union([uuid, me, none]).optional(),
    waiting_for: z.union([uuid, me]).optional(),
    unread: yes.optional().meta({ description: 'Open tickets with messages that the caller has not read.' }),
    snoozed: flagInQuery.optional(),
    is_returning_customer: flagInQuery.optional(),
    is_off_hours: flagInQuery.optional(),
    customer_id: uuid.optional(),
    created_from: moment.optional(),
    created_to: moment.optional(),
    waiting_over_min: whole(LONGEST_WAIT_MINUTES).optional(),
    q: search,
    is_idle: flagInQuery.optional(),
    sort: z.enum(SORTS).optional().meta({
      description: '`waiting` lists those whose customer waits, `queued` those in the queue.',
    }),
    order: z.enum(['asc', 'desc']).optional().meta({ description: 'Default: newest or longest first.' }),
    limit: limitUpTo(200, 50),
    offset: whole(1_000_000).optional(),
    cursor,
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
  examples: {
    view: 'mine',
    status: 'in_progress',
    queue_status: 'assigned',
    queue_label: LEFT_OUT,
    channel: 'whatsapp',
    crm_stage: 'Lead',
    assigned_to: 'me',
    waiting_for: LEFT_OUT,
    unread: 'true',
    snoozed: 'false',
    open: 'true',
    is_returning_customer: LEFT_OUT,
    is_off_hours: LEFT_OUT,
    'Ticket.is_returning_customer': false,
    'Ticket.is_off_hours': false,
    created_from: LEFT_OUT,
    created_to: LEFT_OUT,
    waiting_over_min: '5',
    sort: 'waiting',
    order: LEFT_OUT,
    is_idle: 'false',
  },
  async handle({ query, signedIn, context }) {
    const { caller } = signedIn;
    const { scope, divisions } = scopeWithin(caller, query.division);
    const own = (given: string | undefined) => (given === 'me' ? caller.id : given);
    const page = await listInbox(
      context.read,
      scope,
      omitUndefined({
        divisions: [...divisions],
        mineOf: query.view === 'mine' ? caller.id : undefined,
        status: query.status,
        queueStatus: query.queue_status,
        queueLabel: query.queue_label,
        open: query.open,
        tags: query.tags,
        channel: query.channel,
        crmStage: query.crm_stage,
        assignedTo: own(query.assigned_to),
        waitingFor: own(query.waiting_for),
        unreadBy: query.unread === true ? caller.id : undefined,
        snoozed: query.snoozed,
        isReturning: query.is_returning_customer,
        isOffHours: query.is_off_hours,
        customerId: query.customer_id,
        createdFrom: query.created_from,
        createdTo: query.created_to,
        waitingOverMin: query.waiting_over_min,
        q: query.q,
        isIdle: query.is_idle,
        sort: query.sort,
        order: query.order,
        limit: query.limit,
        offset: query.offset,
        cursor: query.cursor,
        idle: idleness(context),
        caller,
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

const counted = z.int().meta({ example: 3 });

export const countsObject = z
  .strictObject({
    mine: counted,
    mine_unread: counted,
    waiting_for_me: counted,
    free: counted,
    queued: counted,
    queued_over_5: counted,
    queued_over_15: counted,
    off_hours: counted,
    idle: counted,
    snoozed: counted,
  })
  .meta({ id: 'DeskCounts' });

export const inboxCounts = route({
  method: 'get',
  path: '/api/admin/inbox/counts',
  name: 'countInbox',
  tag: TAG,
  summary: 'How many tickets each tab of a desk holds',
  description:
    "The totals of the inbox in one call. `mine`, `mine_unread`, `waiting_for_me` and `snoozed` are the caller's own; the " +
    'others of the divisions that they see.',
  access: 'inbox_read',
  query: { division: userDivision.optional() },
  status: 200,
  data: countsObject,
  errors: ['DIVISION_FORBIDDEN'],
  async handle({ query, signedIn: { caller }, context }) {
    const { scope, divisions } = scopeWithin(caller, query.division);
    return { data: await deskCounts(context.read, scope, divisions, idleness(context)) };
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
  looksFor: ({ q }) => (typeof q === 'string' ? numberIn(q) : null),
  query: { division: userDivision.optional(), q: search, limit: limitUpTo(200, 200), cursor },
  status: 200,
  data: z.strictObject({ tickets: z.array(ticketObject) }),
  meta: { total: z.int(), next_cursor: z.string().optional() },
  errors: ['DIVISION_FORBIDDEN'],
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
  async handle({ query, signedIn: { caller }, context }) {
    const { scope, divisions } = scopeWithin(caller, query.division);
    const page = await listInbox(
      context.read,
      scope,
      omitUndefined({
        divisions: [...divisions],
        queueStatus: 'free' as const,
        q: query.q,
        limit: query.limit,
        cursor: query.cursor,
        idle: idleness(context),
        caller,
      }),
    );
    return {
      data: { json: `{"tickets":${page.json}}` },
      meta: omitUndefined({ total: page.total, next_cursor: page.nextCursor ?? undefined }),
    };
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
  data: z.strictObject({
    ticket: ticketObject,
    crm: crmObjectSchema,
    viewers: z.array(person).meta({ description: 'Who looks at it now.' }),
  }),
  errors: ['TICKET_NOT_FOUND', 'DIVISION_FORBIDDEN'],
  versioned: 'sent',
  async handle({ params, signedIn, context }) {
    const scope = await scopeOfTicket(context.read, signedIn.caller, params.id);
    const [found, crm] = await Promise.all([
      getTicket(context.read, scope, params.id, idleness(context), signedIn.caller),
      getCrm(context.read, scope, params.id),
    ]);
    if (found === null) throw new HttpError('TICKET_NOT_FOUND');
    const viewers = JSON.stringify(context.deskSignals.viewers(params.id));
    const wire = JSON.stringify(crmObject(scope.division as Division, crm));
    return {
      data: { json: `{"ticket":${found.json},"crm":${wire},"viewers":${viewers}}` },
      etag: etagOf(crm.version),
    };
  },
});
