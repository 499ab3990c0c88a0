/** Area: customers by hand (docs/design/field-service.md#customers-by-hand): register, correct, archive, delete, and what was done for them. */
import { z } from 'zod';
import { members as editMembers } from '../../commands/customers/edit-customer.ts';
import { input as registerInput, phone } from '../../commands/customers/register-customer.ts';
import type { CommandContext } from '../../commands/context.ts';
import { because } from '../../domain/problems.ts';
import { Refusal } from '../../domain/refusals.ts';
import { findCustomer } from '../../projections/customers/customer-object.ts';
import { hasOpenJob, WORK_KINDS, workHistory } from '../../projections/customers/work-history.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { EXAMPLE_IDS, EXAMPLE_VALUES } from '../framework/openapi/example-values.ts';
import { route, type SignedIn } from '../framework/route.ts';
import { id, limitUpTo, time } from '../framework/schemas.ts';
import { answerOf } from '../framework/command-route.ts';
import { cursor } from '../tickets/inbox.ts';
import { scopeWithin } from '../tickets/ticket-scope.ts';
import { answerWithCustomer, customerObject, meantCustomer } from './offers.ts';

const shared = { tag: 'Customers', access: 'customers_manage', reads: 'customer' } as const;
const ofOne = { ...shared, params: { id } } as const;
/** Shows nobody's name, number or words. */
const unnamed = { tag: shared.tag, access: shared.access, params: { id } } as const;
const answer = { status: 200, data: z.strictObject({ customer: customerObject }) } as const;
const EXAMPLES = {
  id: EXAMPLE_IDS.customer,
  name: EXAMPLE_VALUES['customer_name'],
  phone: '0812-3456-7890',
  email: 'budi.santoso@contoh.co.id',
  address: 'Jl. Kenari 5, Batam',
  notes: 'Lebih suka ditelepon sore.',
  opted_out: null,
} as const;

export const registerCustomer = route({
  ...shared,
  method: 'post',
  path: '/api/admin/customers',
  name: 'registerCustomer',
  summary: 'Write down a new customer',
  description:
    'Who has not written yet: a later WhatsApp message of this number finds them. A number that a customer of the division has ' +
    'already is 409 `CUSTOMER_EXISTS` with their id.',
  body: registerInput,
  ...answer,
  status: 201,
  errors: ['CUSTOMER_EXISTS', 'CUSTOMER_NOT_FOUND', 'DIVISION_FORBIDDEN', 'BUSY'],
  examples: EXAMPLES,
  async handle({ body, command, signedIn, context }) {
    const { customerId, position } = await context.commands.registerCustomer(command, body);
    return answerWithCustomer(context, signedIn.caller, customerId, position);
  },
});

export const customerRecord = route({
  ...ofOne,
  method: 'get',
  path: '/api/admin/customers/:id',
  name: 'getCustomerRecord',
  summary: 'What is written down of a customer',
  description: 'Without their talks: see `GET /api/admin/customer/{id}`.',
  ...answer,
  errors: ['CUSTOMER_NOT_FOUND'],
  examples: { id: EXAMPLE_IDS.customer, opted_out: null },
  handle: async ({ params, signedIn, context }) => ({
    data: { customer: (await foundFor(signedIn, params.id, context)).found },
  }),
});

async function foundFor({ caller }: SignedIn, customerId: string, context: HttpContext) {
  const { scope, divisions } = scopeWithin(caller, undefined);
  const found = await findCustomer(context.read, scope, divisions, customerId);
  if (!found) throw new HttpError('CUSTOMER_NOT_FOUND');
  return { scope, found };
}

export const correctCustomer = route({
  ...ofOne,
  method: 'patch',
  path: '/api/admin/customers/:id',
  name: 'correctCustomer',
  summary: 'Correct what is written down of a customer',
  description:
    'What is left out stays as it is; null clears it. A new `phone` is where they are written to from now on, and leads to them; one ' +
    'that another customer has is 409 `CUSTOMER_EXISTS` with their id.',
  body: z
    .strictObject({ ...editMembers, phone: phone.optional() })
    .refine(
      (patch) => Object.values(patch).some((value) => value !== undefined),
      because('NO_CHANGE', 'Tidak ada perubahan'),
    ),
  ...answer,
  errors: ['CUSTOMER_EXISTS', 'CUSTOMER_NOT_FOUND', 'BUSY'],
  examples: EXAMPLES,
  async handle({ params, body: { phone: digits, ...patch }, command, signedIn, context }) {
    const who = await meantCustomer(context, params.id);
    const moved = digits === undefined ? null : await context.commands.changePhone(command, who, digits);
    const { position } = await context.commands.editCustomer(command, who, patch);
    const last = moved !== null && moved.position > position ? moved.position : position;
    return answerWithCustomer(context, signedIn.caller, params.id, last);
  },
});

/** A visit to them is not over, as far as the read tables know. */
async function isVisited({ caller }: SignedIn, customerId: string, context: HttpContext): Promise<boolean> {
  const { scope, divisions } = scopeWithin(caller, undefined);
  return hasOpenJob(context.read, scope, divisions, customerId);
}

async function setArchived(
  wish: 'archive' | 'unarchive',
  customerId: string,
  { command, signedIn, context }: { command: CommandContext; signedIn: SignedIn; context: HttpContext },
) {
  const who = await meantCustomer(context, customerId);
  const busy = wish === 'archive' && (await isVisited(signedIn, customerId, context));
  const { position } = await context.commands.archiveCustomer(command, who, wish, busy);
  return answerWithCustomer(context, signedIn.caller, customerId, position);
}

export const archiveCustomer = route({
  ...ofOne,
  method: 'post',
  path: '/api/admin/customers/:id/archive',
  name: 'archiveCustomer',
  summary: 'Take a customer off the list',
  description:
    'A search still finds them, and who writes again is back. 409 `CUSTOMER_HAS_OPEN_WORK` while a ticket or a job is open.',
  ...answer,
  errors: ['CUSTOMER_NOT_FOUND', 'CUSTOMER_HAS_OPEN_WORK', 'BUSY'],
  examples: { id: EXAMPLE_IDS.customer, opted_out: null },
  handle: (input) => setArchived('archive', input.params.id, input),
});

export const unarchiveCustomer = route({
  ...ofOne,
  method: 'post',
  path: '/api/admin/customers/:id/unarchive',
  name: 'unarchiveCustomer',
  summary: 'Bring a customer back to the list',
  description: 'Who is on it already stays so.',
  ...answer,
  errors: ['CUSTOMER_NOT_FOUND', 'BUSY'],
  examples: { id: EXAMPLE_IDS.customer, opted_out: null },
  handle: (input) => setArchived('unarchive', input.params.id, input),
});

export const deleteCustomer = route({
  ...unnamed,
  method: 'delete',
  path: '/api/admin/customers/:id',
  name: 'deleteCustomer',
  summary: 'Delete a customer for good',
  description:
    'An erasure (`POST /api/admin/customer/{id}/erase`): nobody can bring it back. 409 `CUSTOMER_HAS_OPEN_WORK` while a ticket or a ' +
    'job is open.',
  status: 202,
  data: z.strictObject({ customer_id: id, erased_at: time }),
  errors: ['CUSTOMER_NOT_FOUND', 'CUSTOMER_HAS_OPEN_WORK', 'BUSY'],
  examples: { id: EXAMPLE_IDS.customer },
  async handle({ params, command, signedIn, context }) {
    const who = await meantCustomer(context, params.id);
    if (await isVisited(signedIn, params.id, context)) throw new Refusal('CUSTOMER_HAS_OPEN_WORK');
    try {
      return answerOf({
        customer_id: params.id,
        ...(await context.eraseCustomer(command, { ...who, reason: null })),
      });
    } catch (error) {
      if (error instanceof Refusal && error.code === 'CUSTOMER_HAS_OPEN_TICKET')
        throw new Refusal('CUSTOMER_HAS_OPEN_WORK');
      throw error;
    }
  },
});

export const customerHistory = route({
  ...unnamed,
  method: 'get',
  path: '/api/admin/customers/:id/history',
  name: 'listCustomerHistory',
  summary: 'What was done for a customer',
  description: 'The newest first.',
  query: { limit: limitUpTo(200, 50), cursor },
  status: 200,
  data: z.strictObject({
    history: z.array(
      z
        .strictObject({
          kind: z.enum(WORK_KINDS),
          id,
          status: z.string().meta({ example: 'closed' }),
          at: time.meta({
            description:
              'When it began; of a job and of an invoice that is not issued: the window of the visit.',
          }),
        })
        .meta({ id: 'CustomerWork', memberExamples: { kind: 'ticket' } }),
    ),
  }),
  meta: { limit: z.int(), next_cursor: z.string().optional() },
  errors: ['CUSTOMER_NOT_FOUND'],
  examples: { 'path.id': EXAMPLE_IDS.customer },
  async handle({ params, query, signedIn, context }) {
    const { scope, found } = await foundFor(signedIn, params.id, context);
    const { entries, nextCursor } = await workHistory(context.read, scope, found, query);
    return {
      data: { history: [...entries] },
      meta: omitUndefined({ limit: query.limit, next_cursor: nextCursor ?? undefined }),
    };
  },
});
