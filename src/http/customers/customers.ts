/** Area: customers and their orders (docs/design/api.md#customers). */
import { z } from 'zod';
import { input as eraseInput } from '../../commands/erasure/erase-customer.ts';
import { lastContactOf } from '../../projections/customers/customer-history.ts';
import { customerKeyOf } from '../../projections/customers/customers.ts';
import { HttpError } from '../framework/errors.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, time } from '../framework/schemas.ts';
import { scopeWithin } from '../tickets/ticket-scope.ts';
import { answerOf } from '../framework/command-route.ts';

const TAG = 'Customers';

export const assignedAgent = route({
  method: 'get',
  path: '/api/admin/customer/:id/assigned-agent',
  name: 'getAssignedAgent',
  tag: TAG,
  summary: 'Who knows this customer',
  description:
    'The agent of the last ticket that had one. A customer of another division is as unknown as none.',
  access: 'inbox_read',
  params: { id },
  status: 200,
  data: z.strictObject({
    customer_id: id,
    assigned_agent_id: id.nullable(),
    last_ticket_id: id,
    last_interaction_at: time,
  }),
  errors: ['CUSTOMER_NOT_FOUND'],
  examples: { id: EXAMPLE_IDS.customer },
  async handle({ params, signedIn, context }) {
    const { scope, divisions } = scopeWithin(signedIn.caller, undefined);
    const contact = await lastContactOf(context.read, scope, divisions, params.id);
    if (!contact) throw new HttpError('CUSTOMER_NOT_FOUND');
    return { data: { customer_id: params.id, ...contact } };
  },
});

export const eraseCustomer = route({
  method: 'post',
  path: '/api/admin/customer/:id/erase',
  name: 'eraseCustomer',
  tag: TAG,
  summary: 'Erase a customer for good',
  description:
    'Destroys the key that names, numbers, messages, notes and files of this customer are encrypted with, and takes ' +
    'them out of every list, search, file and export (Indonesian law 27/2022). Tickets, stages and figures stay. ' +
    'Nobody can bring it back, no backup either. A customer with an open ticket is refused: close it first. Who was ' +
    'erased already is answered the same. `reason` stays on record: no names in it. 202: the key is destroyed, lists and files follow within seconds.',
  access: 'customer_erase',
  params: { id },
  body: z.strictObject(eraseInput),
  status: 202,
  data: z.strictObject({ customer_id: id, erased_at: time }),
  errors: ['CUSTOMER_NOT_FOUND', 'CUSTOMER_HAS_OPEN_TICKET', 'BUSY'],
  examples: { reason: 'Permintaan pelanggan lewat surat tanggal 1 Juli 2026', id: EXAMPLE_IDS.customer },
  async handle({ params, body, command, context }) {
    const customerKey = await customerKeyOf(context.staff, params.id);
    if (customerKey === null) throw new HttpError('CUSTOMER_NOT_FOUND');
    const erasure = { customerId: params.id, customerKey, reason: body.reason ?? null };
    return answerOf({ customer_id: params.id, ...(await context.eraseCustomer(command, erasure)) });
  },
});

export const tracking = route({
  method: 'get',
  path: '/api/tracking/:order_id',
  name: 'trackOrder',
  tag: TAG,
  summary: 'Where an order is',
  description: 'Always `not_available`: the transport management system is not connected yet.',
  access: 'authenticated',
  params: { order_id: z.string().min(1).max(100) },
  status: 200,
  data: z.strictObject({ status: z.literal('not_available'), message: z.string() }),
  errors: [],
  examples: { message: 'Pelacakan pesanan belum tersedia.' },
  handle: () =>
    Promise.resolve({
      data: { status: 'not_available' as const, message: 'Integrasi TMS dalam pengembangan' },
    }),
});
