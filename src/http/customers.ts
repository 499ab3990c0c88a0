/** Area: customers and their orders (contract.md 8). */
import { z } from 'zod';
import { lastContactOf } from '../projections/customer-history.ts';
import { HttpError } from './errors.ts';
import { route } from './route.ts';
import { id, time } from './schemas.ts';
import { scopeWithin } from './ticket-scope.ts';

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
  async handle({ params, signedIn, parts }) {
    const { scope, divisions } = scopeWithin(signedIn.caller, undefined);
    const contact = await lastContactOf(parts.read, scope, divisions, params.id);
    if (!contact) throw new HttpError('CUSTOMER_NOT_FOUND');
    return { data: { customer_id: params.id, ...contact } };
  },
});

export const tracking = route({
  method: 'get',
  path: '/api/tracking/:order_id',
  name: 'trackOrder',
  tag: TAG,
  summary: 'Where an order is',
  description:
    'Always `not_available`: the transport management system is not connected yet (contract.md 8).',
  access: 'authenticated',
  params: { order_id: z.string().min(1).max(100) },
  status: 200,
  data: z.strictObject({ status: z.literal('not_available'), message: z.string() }),
  errors: [],
  handle: () =>
    Promise.resolve({
      data: { status: 'not_available' as const, message: 'Integrasi TMS dalam pengembangan' },
    }),
});
