/** What becomes of an issued invoice: payments, the number of the tax office, or void (docs/design/field-service.md#payments). */
import { z } from 'zod';
import type { Invoice, InvoiceEvent } from '../../domain/invoices/invoice.ts';
import { because, EMPTY } from '../../domain/problems.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { showsSomething } from '../../domain/words.ts';
import type { Ids } from '../../ports.ts';
import type { CommandContext } from '../context.ts';
import {
  about,
  executeOnInvoice,
  type InvoiceDependencies,
  requireStatus,
  requireVisibleInvoice,
} from './invoice-access.ts';

const rupiah = z.int().min(0).max(10_000_000_000_000);
const words = (most: number) => z.string().trim().min(1).max(most).refine(showsSomething, EMPTY);

export const paymentInput = z
  .strictObject({
    amount: rupiah.meta({ description: 'Rupiah that came.', example: 980_000 }),
    withheld: rupiah
      .default(0)
      .meta({ description: 'Tax that the customer kept back (PPh 23).', example: 20_000 }),
    at: z.iso.date().meta({ description: 'Day on which it came.', example: '2026-07-10' }),
    proof: words(100)
      .optional()
      .meta({ description: 'Number of the slip or of the bukti potong.', example: 'BP-2026-118' }),
  })
  .refine(({ amount, withheld }) => amount + withheld > 0, {
    path: ['amount'],
    ...because('TOO_SMALL', 'Isi jumlah yang diterima atau dipotong', { minimum: 1 }),
  });
export const voidInput = z.strictObject({ reason: words(500) });
export const taxNumberInput = z.strictObject({
  nsfp: z
    .string()
    .regex(/^\d{17}$/, 'Isi 17 angka')
    .meta({ example: '04002600012345678' }),
});

/**
 * Payments and withheld tax add up; it is paid when they are the total.
 * @throws Refusal INVOICE_NOT_FOUND, INVOICE_STATE, OVERPAID
 */
export function decideRecordPayment(
  state: Invoice,
  caller: Caller,
  { amount, withheld, at, proof }: z.output<typeof paymentInput>,
  paymentId: string,
): InvoiceEvent[] {
  const found = requireVisibleInvoice(state, caller);
  requireStatus(found, 'issued', 'sent');
  const settled = found.received + found.withheld + amount + withheld;
  if (settled > found.content.total) throw new Refusal('OVERPAID');
  const ref = about(found);
  return [
    {
      type: 'PaymentRecorded',
      data: { ...ref, paymentId, amount, withheld, paidOn: at, proof: proof ?? null, by: caller.id },
    },
    ...(settled === found.content.total
      ? [{ type: 'InvoicePaid' as const, data: { ...ref, paidOn: at } }]
      : []),
  ];
}

/** What money came for is not void; nor is one whose number is being taken. @throws Refusal INVOICE_NOT_FOUND, INVOICE_STATE */
export function decideVoidInvoice(state: Invoice, caller: Caller, reason: string): InvoiceEvent[] {
  const found = requireVisibleInvoice(state, caller);
  if (found.status === 'void') return [];
  requireStatus(found, 'draft', 'submitted', 'approved', 'issued', 'sent');
  if (found.received + found.withheld > 0) throw new Refusal('INVOICE_STATE');
  return [{ type: 'InvoiceVoided', data: { ...about(found), reason, by: caller.id } }];
}

/** The newest counts: a corrected e-Faktur has another one. @throws Refusal INVOICE_NOT_FOUND, INVOICE_STATE */
export function decideRecordTaxNumber(state: Invoice, caller: Caller, nsfp: string): InvoiceEvent[] {
  const found = requireVisibleInvoice(state, caller);
  requireStatus(found, 'issued', 'sent', 'paid');
  return found.nsfp === nsfp
    ? []
    : [{ type: 'TaxNumberRecorded', data: { ...about(found), nsfp, by: caller.id } }];
}

type Deps = InvoiceDependencies & { readonly ids: Ids };

export const recordPayment =
  (deps: Deps) => (ctx: CommandContext, id: string, wish: z.output<typeof paymentInput>) =>
    executeOnInvoice(deps, ctx, id, (state) =>
      decideRecordPayment(
        state,
        ctx.caller,
        wish,
        ctx.key === undefined ? deps.ids.next() : deps.ids.from('payment', id, ctx.key),
      ),
    );

export const voidInvoice =
  (deps: Deps) =>
  (ctx: CommandContext, id: string, { reason }: z.infer<typeof voidInput>) =>
    executeOnInvoice(deps, ctx, id, (state) => decideVoidInvoice(state, ctx.caller, reason));

export const recordTaxNumber =
  (deps: Deps) =>
  (ctx: CommandContext, id: string, { nsfp }: z.infer<typeof taxNumberInput>) =>
    executeOnInvoice(deps, ctx, id, (state) => decideRecordTaxNumber(state, ctx.caller, nsfp));
