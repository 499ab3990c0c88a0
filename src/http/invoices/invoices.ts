/** Area: invoices of jobs (docs/design/api.md#invoices). */
import { z } from 'zod';
import { approveInput, rejectInput } from '../../commands/invoices/approve-invoice.ts';
import { knownBillTo } from '../../commands/invoices/billed-job.ts';
import { noInput } from '../../commands/invoices/invoice-access.ts';
import { draftInput, reviseInput } from '../../commands/invoices/invoice-content.ts';
import { paymentInput, taxNumberInput, voidInput } from '../../commands/invoices/settle-invoice.ts';
import { job } from '../../domain/field-jobs/job.ts';
import { type Caller, covers, INVOICE_READERS } from '../../domain/staff/privileges.ts';
import { division } from '../../domain/vocabulary.ts';
import type { Position } from '../../ports.ts';
import { findCustomer } from '../../projections/customers/customer-object.ts';
import { lastContactOf } from '../../projections/customers/customer-history.ts';
import { findInvoice, listInvoices } from '../../projections/invoices/invoices.ts';
import { moneyByMonth } from '../../projections/invoices/invoice-figures.ts';
import { listUsers } from '../../projections/staff/users.ts';
import { type ErrorCode, HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { type Access, route, type SignedIn } from '../framework/route.ts';
import { id, limitUpTo } from '../framework/schemas.ts';
import { scopeOf, scopeWithin } from '../tickets/ticket-scope.ts';
import { invoiceObject, invoiceStatus, jobSummary, wholeInvoice } from './invoice-objects.ts';

const TAG = 'Field service';
const params = { id };
const ON_INVOICE: readonly ErrorCode[] = ['INVOICE_NOT_FOUND', 'INVOICE_STATE', 'BUSY'];

/** @throws HttpError FORBIDDEN */
function requireReader({ privileges }: Caller): void {
  if (!INVOICE_READERS.some((one) => privileges.has(one))) throw new HttpError('FORBIDDEN');
}

/** @throws HttpError INVOICE_NOT_FOUND */
async function wholeOf(context: HttpContext, caller: Caller, invoiceId: string) {
  const found = await findInvoice(context.read, scopeOf(caller), invoiceId);
  if (!found) throw new HttpError('INVOICE_NOT_FOUND');
  return found;
}

/** A second each: a draft that is not in the views yet could not be shown at all. */
const MOST_LOOKS = 5;

/** The invoice as it is after a change, so that a client needs no second call; `stale`: the views are behind. */
async function withInvoice(
  { context, signedIn: { caller } }: { readonly context: HttpContext; readonly signedIn: SignedIn },
  { invoice_id: invoiceId, position }: { readonly invoice_id: string; readonly position: Position },
) {
  await context.readYourWrites.wrote(caller.id, position);
  let isStale = true;
  for (let looks = 0; isStale && looks < MOST_LOOKS; looks += 1)
    isStale = (await context.readYourWrites.ready(caller.id)).stale;
  const data = { invoice: await wholeOf(context, caller, invoiceId) };
  return { data, position, ...(isStale && { meta: { stale: true } }) };
}

const invoiceAfterwards = z.strictObject({ invoice: wholeInvoice });

export const invoices = route({
  method: 'get',
  path: '/api/admin/invoices',
  name: 'listInvoices',
  tag: TAG,
  summary: 'Invoices, the newest draft first',
  description: 'For who has `invoice_draft`, `invoice_approve` or `invoice_settle`.',
  access: 'authenticated',
  reads: 'invoice',
  query: {
    division: division.optional(),
    status: invoiceStatus.optional(),
    job_id: id.optional(),
    customer_id: id.optional(),
    limit: limitUpTo(200, 50),
    cursor: z.string().min(1).max(500).optional(),
  },
  status: 200,
  data: z.strictObject({ invoices: z.array(invoiceObject) }),
  meta: { limit: z.int(), next_cursor: z.string().optional() },
  errors: ['FORBIDDEN', 'DIVISION_FORBIDDEN'],
  async handle({ query, signedIn: { caller }, context }) {
    requireReader(caller);
    const { scope } = scopeWithin(caller, query.division);
    const { status, limit, cursor, job_id: jobId, customer_id: customerId } = query;
    const page = await listInvoices(context.read, scope, {
      ...{ division: query.division, status, jobId, customerId, limit, cursor },
    });
    return {
      data: { invoices: page.invoices },
      meta: omitUndefined({ limit, next_cursor: page.nextCursor ?? undefined }),
    };
  },
});

const day = z.iso.date();

export const invoiceFigures = route({
  method: 'get',
  path: '/api/admin/invoices/figures',
  name: 'getInvoiceFigures',
  tag: TAG,
  summary: 'What was invoiced and paid, month by month',
  description:
    '`from` and `to`: days of the business, both within. Invoiced: invoices of these days, without void ones. Paid: payments of these days, with the tax that was kept back.',
  access: 'authenticated',
  query: {
    from: day.meta({ example: '2026-01-01' }),
    to: day.meta({ example: '2026-12-31' }),
    division: division.optional(),
  },
  status: 200,
  data: z.strictObject({
    months: z.array(
      z
        .strictObject({
          month: z.string().meta({ example: '2026-07' }),
          count: z.int().meta({ description: 'Invoices.', example: 12 }),
          invoiced: z.int().meta({ example: 12_400_000 }),
          paid: z.int().meta({ example: 9_900_000 }),
        })
        .meta({ id: 'MonthOfMoney' }),
    ),
  }),
  errors: ['FORBIDDEN', 'DIVISION_FORBIDDEN'],
  async handle({ query, signedIn: { caller }, context }) {
    requireReader(caller);
    const { scope } = scopeWithin(caller, query.division);
    return { data: { months: [...(await moneyByMonth(context.read, scope, query))] } };
  },
});

export const oneInvoice = route({
  method: 'get',
  path: '/api/admin/invoices/:id',
  name: 'getInvoice',
  tag: TAG,
  summary: 'One invoice with its lines, and what it is for',
  description: 'Nothing more of the job: who approves needs no other right to it.',
  access: 'authenticated',
  reads: 'invoice',
  params,
  status: 200,
  data: z.strictObject({ invoice: wholeInvoice, job: jobSummary.nullable() }),
  errors: ['FORBIDDEN', 'INVOICE_NOT_FOUND'],
  async handle({ params: { id: invoiceId }, signedIn: { caller }, context }) {
    requireReader(caller);
    const invoice = await wholeOf(context, caller, invoiceId);
    const found = await context.commands.handler.load(job, invoice.job_id);
    if (found.status === 'absent') return { data: { invoice, job: null } };
    const technician = found.technicianId === null ? null : await context.directory.byId(found.technicianId);
    return {
      data: {
        invoice,
        job: {
          ...{ id: found.id, kind: found.kind, label: context.commands.invoices.labelOf(found.kind) },
          ...{ status: found.status, window_from: found.windowFrom, window_to: found.windowTo },
          technician: technician && { id: technician.id, name: technician.name },
          base_price: found.basePrice,
        },
      },
    };
  },
});

export const draftInvoice = route({
  method: 'post',
  path: '/api/admin/jobs/:id/invoice',
  name: 'draftInvoice',
  tag: TAG,
  summary: 'Draft the invoice of a completed job',
  description:
    'Tax is computed once for each scheme on the sum of its lines, half a rupiah up. After a void invoice, the next one stands for it.',
  access: 'invoice_draft',
  reads: 'invoice',
  params,
  body: draftInput,
  status: 201,
  data: invoiceAfterwards,
  errors: ['JOB_NOT_FOUND', 'JOB_NOT_COMPLETED', 'INVOICE_EXISTS', 'INVOICE_NOT_FOUND', 'BUSY'],
  async handle({ params: { id: jobId }, body, command, signedIn, context }) {
    const { caller } = signedIn;
    const billed = await context.commands.handler.load(job, jobId);
    const customer =
      billed.status === 'absent' || !covers(caller, billed.division)
        ? null
        : await findCustomer(context.read, scopeOf(caller), [billed.division], billed.customerId);
    const drafted = await context.commands.invoices.draft(command, jobId, body, knownBillTo(customer));
    return withInvoice({ context, signedIn }, drafted);
  },
});

export const reviseInvoice = route({
  method: 'patch',
  path: '/api/admin/invoices/:id',
  name: 'reviseInvoice',
  tag: TAG,
  summary: 'Change an invoice that is not issued',
  description: 'Makes the next revision, a draft: a submission or an approval is taken back.',
  access: 'invoice_draft',
  reads: 'invoice',
  params,
  body: reviseInput,
  status: 200,
  data: invoiceAfterwards,
  errors: [...ON_INVOICE, 'INVOICE_CHANGED'],
  handle: async ({ params: { id: invoiceId }, body, command, signedIn, context }) =>
    withInvoice({ context, signedIn }, await context.commands.invoices.revise(command, invoiceId, body)),
});

export const submitInvoice = route({
  method: 'post',
  path: '/api/admin/invoices/:id/submit',
  name: 'submitInvoice',
  tag: TAG,
  summary: 'Ask for the approval',
  description: 'Those who may approve are notified.',
  access: 'invoice_draft',
  reads: 'invoice',
  params,
  body: noInput,
  status: 200,
  data: invoiceAfterwards,
  errors: ON_INVOICE,
  async handle({ params: { id: invoiceId }, command, signedIn, context }) {
    const found = await wholeOf(context, signedIn.caller, invoiceId);
    const approvers = (await listUsers(context.staff))
      .filter(({ active, privileges }) => active && privileges.has('invoice_approve'))
      .filter((one) => covers(one, found.division))
      .map((one) => one.id);
    const submitted = await context.commands.invoices.submit(command, invoiceId, approvers);
    return withInvoice({ context, signedIn }, submitted);
  },
});

/** What every step on an invoice shares. */
const step = <A extends Access>(access: A, errors: readonly ErrorCode[] = []) =>
  ({
    method: 'post',
    tag: TAG,
    access,
    reads: 'invoice',
    params,
    status: 200,
    data: invoiceAfterwards,
    errors: [...ON_INVOICE, ...errors],
  }) as const;

export const approveInvoice = route({
  ...step('invoice_approve', ['INVOICE_CHANGED', 'OWN_APPROVAL', 'DISCOUNT_LIMIT']),
  path: '/api/admin/invoices/:id/approve',
  name: 'approveInvoice',
  summary: 'Approve an invoice',
  description: 'Of exactly what was read: `revision` and `hash`. Nobody approves their own.',
  body: approveInput,
  examples: { hash: '0'.repeat(64) },
  handle: async ({ params: { id: invoiceId }, body, command, signedIn, context }) =>
    withInvoice({ context, signedIn }, await context.commands.invoices.approve(command, invoiceId, body)),
});

export const rejectInvoice = route({
  ...step('invoice_approve'),
  path: '/api/admin/invoices/:id/reject',
  name: 'rejectInvoice',
  summary: 'Send an invoice back',
  description: 'With the reason, and the price that one would approve.',
  body: rejectInput,
  examples: { reason: 'Diskon terlalu besar' },
  handle: async ({ params: { id: invoiceId }, body, command, signedIn, context }) =>
    withInvoice({ context, signedIn }, await context.commands.invoices.reject(command, invoiceId, body)),
});

export const issueInvoice = route({
  ...step('invoice_settle', ['INVOICE_CHANGED']),
  path: '/api/admin/invoices/:id/issue',
  name: 'issueInvoice',
  summary: 'Issue an approved invoice',
  description:
    'It gets the next number of its division and year, for ever. Issuing it again changes nothing.',
  body: noInput,
  handle: async ({ params: { id: invoiceId }, command, signedIn, context }) =>
    withInvoice({ context, signedIn }, await context.commands.invoices.issue(command, invoiceId)),
});

export const sendInvoice = route({
  ...step('invoice_settle', [
    'TICKET_NOT_FOUND',
    'SERVICE_WINDOW_CLOSED',
    'LINE_ONLY_ANSWERS',
    'MESSAGE_TOO_LONG',
  ]),
  path: '/api/admin/invoices/:id/send',
  name: 'sendInvoice',
  summary: 'Send the customer the link',
  description:
    'Over the channel of their newest talk: as a message within 24 hours of what they wrote, afterwards as INVOICE_TEMPLATE. Again sends it again.',
  body: noInput,
  async handle({ params: { id: invoiceId }, command, signedIn, context }) {
    const { caller } = signedIn;
    const found = await wholeOf(context, caller, invoiceId);
    const talk = await lastContactOf(context.read, scopeOf(caller), [found.division], found.customer_id);
    const sent = await context.commands.invoices.send(command, invoiceId, talk?.last_ticket_id ?? null);
    return withInvoice({ context, signedIn }, sent);
  },
});

export const recordPayment = route({
  ...step('invoice_settle', ['OVERPAID']),
  path: '/api/admin/invoices/:id/payments',
  name: 'recordPayment',
  summary: 'Record a payment',
  description:
    'Several may come, with tax that the customer kept back; it is paid when the sum is the total.',
  body: paymentInput,
  status: 201,
  handle: async ({ params: { id: invoiceId }, body, command, signedIn, context }) =>
    withInvoice({ context, signedIn }, await context.commands.invoices.pay(command, invoiceId, body)),
});

export const voidInvoice = route({
  ...step('invoice_settle'),
  path: '/api/admin/invoices/:id/void',
  name: 'voidInvoice',
  summary: 'Void an invoice',
  description: 'Only where no money came. The number stays taken; the job can be billed again.',
  body: voidInput,
  examples: { reason: 'Salah alamat' },
  handle: async ({ params: { id: invoiceId }, body, command, signedIn, context }) =>
    withInvoice({ context, signedIn }, await context.commands.invoices.void(command, invoiceId, body)),
});

export const recordTaxNumber = route({
  ...step('invoice_settle'),
  path: '/api/admin/invoices/:id/tax-number',
  name: 'recordTaxNumber',
  summary: 'Record the number of the e-Faktur',
  description: 'NSFP, which the tax office gave when it was uploaded. The newest counts.',
  body: taxNumberInput,
  handle: async ({ params: { id: invoiceId }, body, command, signedIn, context }) =>
    withInvoice({ context, signedIn }, await context.commands.invoices.taxNumber(command, invoiceId, body)),
});
