/** Invoices of another division, and everything that somebody may try with one (test/attacks/divisions.test.ts). */
import { invoice, type InvoiceEvent } from '../../../../src/domain/invoices/invoice.ts';
import type { CommandHandler } from '../../../../src/engine/commands/command-handler.ts';
import { CONTENT, drafted, INVOICE, submitted } from './invoice-events.ts';

/** A submitted invoice of savi. @returns its id */
export async function invoiceOfSavi(handler: CommandHandler): Promise<string> {
  const context = {
    ...({ actor: { kind: 'system', process: 'test' }, correlationId: 'c', causationId: 'c' } as const),
    ...{ requestId: 'r', at: new Date().toISOString() },
  };
  const ofSavi = (event: InvoiceEvent) =>
    ({ ...event, data: { ...event.data, division: 'savi' } }) as InvoiceEvent;
  await handler.executeCommand(invoice, INVOICE, context, () => [drafted(), submitted()].map(ofSavi));
  return INVOICE;
}

/** What a super admin hears of these: the state says no. */
export const INVOICE_REFUSALS = ['INVOICE_CHANGED', 'INVOICE_STATE', 'JOB_NOT_COMPLETED'] as const;

/** By the name of the route. */
export const invoiceAttacks = (about: string, jobId: string) => ({
  draftInvoice: [{ about: jobId, body: {} }],
  reviseInvoice: [{ about, body: { bill_to: { name: 'Lain' } } }],
  submitInvoice: [{ about, body: {} }],
  approveInvoice: [{ about, body: { revision: CONTENT.revision, hash: CONTENT.hash } }],
  rejectInvoice: [{ about, body: { reason: 'Tidak' } }],
  issueInvoice: [{ about, body: {} }],
  sendInvoice: [{ about, body: {} }],
  recordPayment: [{ about, body: { amount: 1, at: '2026-07-10' } }],
  voidInvoice: [{ about, body: { reason: 'Tidak' } }],
  recordTaxNumber: [{ about, body: { nsfp: '0'.repeat(17) } }],
});
