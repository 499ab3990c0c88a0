/** Area: whether a customer wants offers (docs/design/api.md#opt-out-and-opt-in). */
import { z } from 'zod';
import type { MeantCustomer } from '../../commands/customers/current-customer.ts';
import { input as offersInput, type OffersInput } from '../../commands/customers/set-offers.ts';
import type { CommandContext } from '../../commands/context.ts';
import type { Position } from '../../ports.ts';
import type { StaffMember } from '../../domain/staff/member.ts';
import { channel, division } from '../../domain/vocabulary.ts';
import { type CustomerObject, findCustomer } from '../../projections/customers/customer-object.ts';
import { customerKeyOf } from '../../projections/customers/customers.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { EXAMPLE_IDS, EXAMPLE_VALUES } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, person, time } from '../framework/schemas.ts';
import { scopeWithin } from '../tickets/ticket-scope.ts';

const TAG = 'Customers';

export const customerObject = z
  .strictObject({
    id,
    name: z.string().nullable(),
    phone: z.string().nullable(),
    division,
    channels: z.array(
      z.strictObject({
        channel,
        id_hint: z.string().meta({ example: '…0001', description: "The end of the channel's id." }),
        line: z.string().nullable().meta({ example: 'PHONE_ID_001' }),
      }),
    ),
    email: z.string().nullable().meta({ example: 'budi.santoso@contoh.co.id' }),
    address: z.string().nullable().meta({ example: 'Jl. Kenari 5, Batam' }),
    notes: z.string().nullable().meta({ example: 'Lebih suka ditelepon sore.' }),
    opted_out: z
      .strictObject({ at: time, by: person.nullable(), how: z.enum(['keyword', 'channel', 'agent']) })
      .nullable()
      .meta({ description: 'Wants no offers: since when, who wrote it down, and how they said so.' }),
    archived_at: time.nullable().meta({ description: 'Off the list since then.' }),
    assigned_agent: person.nullable(),
    first_seen_at: time.nullable(),
    last_interaction_at: time.nullable(),
    ticket_count: z.int(),
    won_count: z.int(),
    revenue: z.number(),
  })
  .meta({
    id: 'Customer',
    memberExamples: {
      id: EXAMPLE_IDS.customer,
      name: EXAMPLE_VALUES['customer_name'],
      phone: EXAMPLE_VALUES['customer_phone'],
      assigned_agent: { id: EXAMPLE_IDS.andi, name: 'Andi Saputra' },
      archived_at: null,
      ticket_count: 2,
      won_count: 1,
      revenue: 3_750_000,
    },
  });

/** The answer of a command on a customer: as they are afterwards. @throws HttpError CUSTOMER_NOT_FOUND */
export async function answerWithCustomer(
  context: HttpContext,
  caller: StaffMember,
  customerId: string,
  position: Position,
): Promise<{ readonly data: { readonly customer: CustomerObject } }> {
  // The answer shows what it changed.
  await context.readYourWrites.wrote(caller.id, position);
  await context.readYourWrites.ready(caller.id);
  const { scope, divisions } = scopeWithin(caller, undefined);
  const customer = await findCustomer(context.read, scope, divisions, customerId);
  if (!customer) throw new HttpError('CUSTOMER_NOT_FOUND');
  return { data: { customer } };
}

/** Whom an address names. @throws HttpError CUSTOMER_NOT_FOUND */
export async function meantCustomer(context: HttpContext, customerId: string): Promise<MeantCustomer> {
  const customerKey = await customerKeyOf(context.staff, customerId);
  if (customerKey === null) throw new HttpError('CUSTOMER_NOT_FOUND');
  return { customerId, customerKey };
}

async function change(
  wish: 'stop' | 'start',
  customerId: string,
  body: OffersInput,
  command: CommandContext,
  caller: StaffMember,
  context: HttpContext,
): Promise<{ readonly data: { readonly customer: CustomerObject } }> {
  const who = await meantCustomer(context, customerId);
  const { position } = await context.commands.setOffers(command, wish, who, body);
  return answerWithCustomer(context, caller, customerId, position);
}

const shared = {
  method: 'post',
  tag: TAG,
  access: 'crm_update',
  reads: 'customer',
  params: { id },
  body: offersInput,
  status: 200,
  data: z.strictObject({ customer: customerObject }),
  errors: ['CUSTOMER_NOT_FOUND', 'BUSY'],
} as const;

export const optOut = route({
  ...shared,
  path: '/api/admin/customer/:id/opt-out',
  name: 'optOutCustomer',
  summary: 'The customer wants no more offers',
  description:
    'No blast and no follow-up from now on; answers in an open talk go on. Who opted out already stays so. `reason` is ' +
    'what the customer said, for auditors.',
  examples: { reason: 'Pelanggan minta lewat telepon', id: EXAMPLE_IDS.customer },
  handle: ({ params, body, command, signedIn, context }) =>
    change('stop', params.id, body, command, signedIn.caller, context),
});

export const optIn = route({
  ...shared,
  path: '/api/admin/customer/:id/opt-in',
  name: 'optInCustomer',
  summary: 'The customer wants offers again',
  description: 'Only when they said so. A customer may also write MULAI or START.',
  examples: { reason: 'Pelanggan minta lewat telepon', id: EXAMPLE_IDS.customer, opted_out: null },
  handle: ({ params, body, command, signedIn, context }) =>
    change('start', params.id, body, command, signedIn.caller, context),
});
