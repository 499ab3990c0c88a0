/** Visits and invoices of another division, and everything that somebody may try with one (test/attacks/divisions.test.ts). */
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

/** A visit to a customer of savi. */
export const visitWish = {
  kind: 'cek_mobil',
  problem: 'Periksa mobil',
  place: { address: 'Jalan Melati 7', district: 'Tebet', city: 'Jakarta Selatan' },
  window: { from: '2030-01-01T02:00:00.000Z', to: '2030-01-01T04:00:00.000Z' },
  base_price: 100_000,
};

/** Writes on somebody else's visit. */
export const visitAttacks = ({
  theirs,
  customer,
  visit,
  technician,
}: Readonly<Record<'theirs' | 'customer' | 'visit' | 'technician', string>>) => ({
  openJob: [{ body: { ...visitWish, customer_id: customer } }],
  openJobOfTicket: [{ about: theirs, body: visitWish }],
  assignJob: [{ about: visit, body: { technician_id: technician } }],
  rescheduleJob: [{ about: visit, body: { window: visitWish.window } }],
  cancelJob: [{ about: visit, body: { reason: 'Batal' } }],
  continueJob: [{ about: visit, body: { minutes: 30, reason: 'Macet' } }],
  replaceTechnician: [{ about: visit, body: { to: null, reason: 'Tukar' } }],
  takeJob: [{ about: visit }],
  giveJobBack: [{ about: visit, body: { reason: 'Sakit' } }],
  checkIn: [{ about: visit }],
  checkOut: [{ about: visit }],
  putJobDocument: [{ about: visit }],
  withdrawJobDocument: [{ about: visit }],
  acceptReport: [{ about: visit }],
  rejectReport: [{ about: visit, body: { reason: 'Belum lengkap' } }],
  setCapacity: [{ about: 'savi', body: { slots: 1 } }],
  setTechnician: [{ about: technician, body: { skills: null, max_jobs_per_day: 1 } }],
  setTechnicianLeave: [{ about: technician, body: { from: '2030-01-01', to: '2030-01-02' } }],
  cancelTechnicianLeave: [{ about: technician }],
});
