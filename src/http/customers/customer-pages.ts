/** Area: who the customers are (docs/design/api.md#customers): the list, one customer, all talks with them, and what staff write down. */
import { z } from 'zod';
import { problem } from '../../domain/problems.ts';
import { input as editInput } from '../../commands/customers/edit-customer.ts';
import { input as mergeInput } from '../../commands/customers/merge.ts';
import { channel, division, userDivision } from '../../domain/vocabulary.ts';
import { listThread } from '../../projections/conversation/messages.ts';
import {
  findCustomer,
  listCustomers,
  samePersonElsewhere,
} from '../../projections/customers/customer-object.ts';
import { listInbox } from '../../projections/tickets/inbox.ts';
import { numberIn } from '../../projections/tickets/search.ts';
import { HttpError } from '../framework/errors.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { EXAMPLE_IDS, EXAMPLE_VALUES, LEFT_OUT } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { flagInQuery, id, limitUpTo, messageObject, ticketObject } from '../framework/schemas.ts';
import { cursor, search } from '../tickets/inbox.ts';
import { scopeOf, scopeWithin } from '../tickets/ticket-scope.ts';
import { answerWithCustomer, customerObject, meantCustomer } from './offers.ts';

const TAG = 'Customers';
/** Of one customer, the newest. */
const MOST_TICKETS = 50;

export const customers = route({
  method: 'get',
  path: '/api/admin/customers',
  name: 'listCustomers',
  tag: TAG,
  summary: 'All customers, the newest first',
  description:
    '`q` finds them by name or phone, as in the inbox. Customers who were erased, and those who turned out to be another one, ' +
    'are not in the list.',
  access: 'inbox_read',
  reads: 'customer',
  looksFor: ({ q }) => (typeof q === 'string' ? numberIn(q) : null),
  query: {
    q: search,
    division: userDivision.optional(),
    channel: channel.optional(),
    opted_out: flagInQuery.optional(),
    limit: limitUpTo(200, 50),
    cursor,
  },
  status: 200,
  data: z.strictObject({ customers: z.array(customerObject) }),
  meta: { total: z.int(), limit: z.int(), next_cursor: z.string().optional() },
  errors: ['DIVISION_FORBIDDEN'],
  examples: { opted_out: LEFT_OUT, 'Customer.opted_out': null },
  async handle({ query, signedIn, context }) {
    const { scope, divisions } = scopeWithin(signedIn.caller, query.division);
    const { q, limit } = query;
    const page = await listCustomers(context.read, scope, {
      ...{ divisions, q, limit, channel: query.channel, optedOut: query.opted_out, cursor: query.cursor },
    });
    return {
      data: { customers: [...page.customers] },
      meta: omitUndefined({ total: page.total, limit, next_cursor: page.nextCursor ?? undefined }),
    };
  },
});

const samePerson = z
  .strictObject({ customer_id: id, division, channel })
  .meta({ id: 'SamePerson', memberExamples: { customer_id: EXAMPLE_IDS.other, division: 'savi' } });

export const customer = route({
  method: 'get',
  path: '/api/admin/customer/:id',
  name: 'getCustomer',
  tag: TAG,
  summary: 'One customer',
  description:
    'With their newest 50 tickets, and the customers of other divisions and channels who have the same number, as far as the caller ' +
    'may see them. The id of one who was merged into another leads to that other one.',
  access: 'inbox_read',
  reads: 'customer',
  params: { id },
  status: 200,
  data: z.strictObject({
    customer: customerObject,
    tickets: z.array(ticketObject),
    same_person: z.array(samePerson),
  }),
  errors: ['CUSTOMER_NOT_FOUND'],
  examples: { id: EXAMPLE_IDS.customer, opted_out: null, 'Ticket.opted_out': false },
  async handle({ params, signedIn, context }) {
    const { caller } = signedIn;
    const { scope, divisions } = scopeWithin(caller, undefined);
    const found = await findCustomer(context.read, scope, divisions, params.id);
    if (!found) throw new HttpError('CUSTOMER_NOT_FOUND');
    const [tickets, same] = await Promise.all([
      listInbox(context.read, scope, {
        divisions: [found.division],
        customerId: found.id,
        sort: 'created',
        order: 'desc',
        limit: MOST_TICKETS,
        idle: { now: context.clock.now(), afterHours: context.config.idleAfterHours },
        caller,
      }),
      samePersonElsewhere(context.read, scope, found),
    ]);
    return {
      data: {
        json: `{"customer":${JSON.stringify(found)},"tickets":${tickets.json},"same_person":${JSON.stringify(same)}}`,
      },
    };
  },
});

export const customerMessages = route({
  method: 'get',
  path: '/api/admin/customer/:id/messages',
  name: 'listCustomerMessages',
  tag: TAG,
  summary: 'Every talk with a customer in one thread',
  description:
    'The last `limit` messages of all their tickets, oldest first. For earlier ones: `before` is the id of the first message you ' +
    'have. Internal notes are never among them.',
  access: 'messages_read',
  reads: 'messages',
  params: { id },
  query: { limit: limitUpTo(200, 100), before: id.optional() },
  status: 200,
  data: z.strictObject({ messages: z.array(messageObject) }),
  meta: { has_more: z.boolean().meta({ description: 'There are earlier ones.', example: false }) },
  errors: ['CUSTOMER_NOT_FOUND'],
  examples: { 'path.id': EXAMPLE_IDS.customer },
  async handle({ params, query, signedIn, context }) {
    const { scope, divisions } = scopeWithin(signedIn.caller, undefined);
    const found = await findCustomer(context.read, scope, divisions, params.id);
    if (!found) throw new HttpError('CUSTOMER_NOT_FOUND');
    const page = omitUndefined(query);
    const thread = await listThread(
      context.read,
      scopeOf(signedIn.caller),
      found,
      page,
      context.messageWording,
    );
    if (thread === null)
      throw new HttpError('VALIDATION_FAILED', [
        problem('before', 'NOT_FOUND', 'Pesan ini tidak ada di percakapan pelanggan ini'),
      ]);
    return { data: { json: `{"messages":${thread.json}}` }, meta: { has_more: thread.hasMore } };
  },
});

const answer = { status: 200, data: z.strictObject({ customer: customerObject }) } as const;

export const editCustomer = route({
  method: 'patch',
  path: '/api/admin/customer/:id',
  name: 'editCustomer',
  tag: TAG,
  summary: 'Write down who a customer is',
  description:
    'What is left out stays as it is; null clears it. A name that a person typed is not overwritten by what a channel says.',
  access: 'crm_update',
  reads: 'customer',
  params: { id },
  body: editInput,
  ...answer,
  errors: ['CUSTOMER_NOT_FOUND', 'BUSY'],
  examples: {
    id: EXAMPLE_IDS.customer,
    name: EXAMPLE_VALUES['customer_name'],
    email: 'budi.santoso@contoh.co.id',
    address: 'Jl. Kenari 5, Batam',
    notes: 'Lebih suka ditelepon sore.',
    opted_out: null,
  },
  async handle({ params, body, command, signedIn, context }) {
    const who = await meantCustomer(context, params.id);
    const { position } = await context.commands.editCustomer(command, who, body);
    return answerWithCustomer(context, signedIn.caller, params.id, position);
  },
});

export const mergeCustomers = route({
  method: 'post',
  path: '/api/admin/customer/:id/merge',
  name: 'mergeCustomers',
  tag: TAG,
  summary: 'Two customers are the same person',
  description:
    'The one who was known first stays, with the tickets, talks, names and numbers of both; both ids lead to them from then on. An ' +
    'opt-out of either holds. With `join_tickets` (the default) two open tickets become one: the older one goes on, takes the agent, ' +
    'tags and sale of the other where it has none, and shows both talks. Nobody can take it apart again. Asked for again it changes nothing.',
  access: 'assign',
  reads: 'customer',
  params: { id },
  body: mergeInput,
  ...answer,
  errors: ['CUSTOMER_NOT_FOUND', 'CUSTOMERS_NOT_MERGEABLE', 'BUSY'],
  examples: { id: EXAMPLE_IDS.customer, customer_id: EXAMPLE_IDS.other, opted_out: null },
  async handle({ params, body, command, signedIn, context }) {
    const both = [
      await meantCustomer(context, params.id),
      await meantCustomer(context, body.customer_id),
    ] as const;
    const { position } = await context.commands.mergeCustomers(command, both, body.join_tickets ?? true);
    return answerWithCustomer(context, signedIn.caller, params.id, position);
  },
});
