/** Short names for the events of an invoice in specs. */
import { contentOf } from '../../../../src/commands/invoices/invoice-content.ts';
import { numberText } from '../../../../src/domain/invoices/invoice-numbers.ts';
import type {
  Invoice,
  InvoiceContent,
  InvoiceEvent,
  InvoiceLine,
} from '../../../../src/domain/invoices/invoice.ts';
import { DEFAULT_TAX_RATES } from '../../../../src/domain/invoices/tax.ts';
import { ani, dian, uuidOf } from '../people.ts';

export const INVOICE = uuidOf(0xf1);
export const DAY = '2026-07-03';
export const RATES = { rates: DEFAULT_TAX_RATES, day: DAY };
export const REF = {
  invoiceId: INVOICE,
  jobId: uuidOf(0xf2),
  division: 'sari',
  customerId: uuidOf(0xf3),
} as const;
export const BILL_TO = { name: 'PT Maju Jaya', address: 'Jl. Merdeka 1, Bandung', npwp: null };

export const line = (over: Partial<InvoiceLine> = {}): InvoiceLine => ({
  ...{ service: 'ac_service', description: 'Servis AC', quantity: 1, unitPrice: 1_000_000, discount: 0 },
  ...{ taxScheme: 'dpp_11_12', base: 1_000_000 },
  ...over,
});
export const content = (over: Partial<Pick<InvoiceContent, 'lines' | 'billTo' | 'revision' | 'by'>> = {}) =>
  contentOf(
    { lines: [line()], billTo: BILL_TO, revision: 1, by: dian.id, ...over },
    { ...RATES, basePrice: 1_000_000 },
  );
export const CONTENT = content();

export const drafted = (of: InvoiceContent = CONTENT): InvoiceEvent => ({
  type: 'InvoiceDrafted',
  data: { ...REF, ...of, talkId: null, replaces: null },
});
export const revised = (of: InvoiceContent): InvoiceEvent => ({
  type: 'InvoiceRevised',
  data: { ...REF, ...of },
});
const seen = (by: string, { revision, hash }: InvoiceContent) => ({ ...REF, revision, hash, by });
export const submitted = (approvers: readonly string[] = [ani.id], of = CONTENT): InvoiceEvent => ({
  type: 'InvoiceSubmitted',
  data: { ...seen(dian.id, of), approvers: [...approvers] },
});
export const approved = (by = ani.id, of = CONTENT): InvoiceEvent => ({
  type: 'InvoiceApproved',
  data: { ...seen(by, of), draftedBy: of.by },
});
export const issueStarted: InvoiceEvent = { type: 'InvoiceIssueStarted', data: { ...REF, by: dian.id } };
export const TAKEN = { division: 'sari', year: 2026, n: 7, invoiceId: INVOICE, takenOn: DAY } as const;
export const issued: InvoiceEvent = {
  type: 'InvoiceIssued',
  data: {
    ...REF,
    number: numberText(TAKEN),
    issuedOn: DAY,
    dueOn: '2026-07-17',
    tokenHash: 'hash of the token',
  },
};
/** Approved, numbered and out. */
export const UNPAID: readonly InvoiceEvent[] = [drafted(), submitted(), approved(), issueStarted, issued];
export const paid = (amount: number, withheld = 0): InvoiceEvent => ({
  type: 'PaymentRecorded',
  data: {
    ...REF,
    ...{ paymentId: uuidOf(0xf4), amount, withheld, paidOn: '2026-07-10', proof: null, by: dian.id },
  },
});
export const settled: InvoiceEvent = { type: 'InvoicePaid', data: { ...REF, paidOn: '2026-07-10' } };
export const voided: InvoiceEvent = {
  type: 'InvoiceVoided',
  data: { ...REF, reason: 'Salah alamat', by: dian.id },
};

/** The same content under other ids, approved. @throws when `pattern` is none */
export function approvedAs(pattern: Invoice, invoiceId: string, jobId: string): InvoiceEvent[] {
  if (pattern.status === 'absent') throw new Error('there is no such invoice');
  const { ref, content: of } = pattern;
  const own = { ...ref, invoiceId, jobId };
  const signed = { ...own, revision: of.revision, hash: of.hash, by: of.by };
  return [
    { type: 'InvoiceDrafted', data: { ...of, ...own, talkId: null, replaces: null } },
    { type: 'InvoiceSubmitted', data: { ...signed, approvers: [] } },
    { type: 'InvoiceApproved', data: { ...signed, draftedBy: of.by } },
  ];
}
