/** What the audit says of visits, room, invoices and ratings: who did what, without texts, places and positions. */
import type { Handlers } from '../../engine/projections/view.ts';
import type { AdminEntry } from './admin-entry.ts';

interface AboutJob {
  readonly jobId: string;
  readonly division: string;
}
const ofJob = (
  event: string,
  { jobId, division }: AboutJob,
  more: Readonly<Record<string, unknown>> = {},
): AdminEntry => ({ event, subject: jobId, metadata: { division, ...more } });

interface AboutInvoice {
  readonly invoiceId: string;
  readonly division: string;
}
const ofInvoice = (
  event: string,
  { invoiceId, division }: AboutInvoice,
  more: Readonly<Record<string, unknown>> = {},
): AdminEntry => ({ event, subject: invoiceId, metadata: { division, ...more } });

export const FIELD_SERVICE_ENTRIES: Handlers<[], AdminEntry> = {
  JobOpened: ({ data }) => ofJob('job_opened', data, { service: data.kind }),
  JobRescheduled: ({ data }) => ofJob('job_moved', data, { start: data.windowFrom, end: data.windowTo }),
  JobCancelled: ({ data }) => ofJob('job_cancelled', data),
  JobTaken: ({ data }) =>
    ofJob('job_taken', data, { technician_id: data.technicianId, channel: data.channel }),
  JobGivenBack: ({ data }) =>
    ofJob('job_given_back', data, { technician_id: data.technicianId, because: data.because }),
  ArrivalExtended: ({ data }) => ofJob('job_arrival_extended', data, { minutes: data.minutes }),
  TechnicianReplaced: ({ data }) => ofJob('job_technician_replaced', data, { from: data.from, to: data.to }),
  NoShowSuspected: ({ data }) => ofJob('job_no_show', data, { technician_id: data.technicianId }),
  TechnicianArrived: ({ data }) =>
    ofJob('job_arrived', data, { verdict: data.verdict, late_report: data.lateReport }),
  WorkFinished: ({ data }) => ofJob('job_finished', data, { late_report: data.lateReport }),
  CheckOutForgotten: ({ data }) =>
    ofJob('job_check_out_forgotten', data, { technician_id: data.technicianId }),
  JobDocumentAdded: ({ data }) =>
    ofJob('job_document_added', data, { document: data.kind, size: data.size, sha256: data.sha256 }),
  JobDocumentWithdrawn: ({ data }) => ofJob('job_document_withdrawn', data, { document_id: data.documentId }),
  JobCompleted: ({ data }) => ofJob('job_completed', data),
  ReportRejected: ({ data }) => ofJob('job_report_rejected', data),
  CapacitySet: ({ data: { division, day, slots } }) => ({
    event: 'capacity_set',
    subject: division,
    metadata: { division, day, slots },
  }),
  SlotReserved: ({ data }) => ofJob('capacity_reserved', data, { day: data.day }),
  SlotReleased: ({ data }) => ofJob('capacity_released', data, { day: data.day }),
  AgendaReserved: ({ data: { technicianId, jobId, day } }) => ({
    event: 'agenda_reserved',
    subject: technicianId,
    metadata: { job_id: jobId, day },
  }),
  AgendaReleased: ({ data: { technicianId, jobId, day } }) => ({
    event: 'agenda_released',
    subject: technicianId,
    metadata: { job_id: jobId, day },
  }),
  TechnicianSet: ({ data: { technicianId, skills, maxJobsPerDay } }) => ({
    event: 'technician_set',
    subject: technicianId,
    metadata: { skills, max_jobs_per_day: maxJobsPerDay },
  }),
  TechnicianLeaveSet: ({ data: { technicianId, from, to } }) => ({
    event: 'technician_leave_set',
    subject: technicianId,
    metadata: { start: from, end: to },
  }),
  TechnicianLeaveCancelled: ({ data }) => ({
    event: 'technician_leave_cancelled',
    subject: data.technicianId,
  }),
  InvoiceDrafted: ({ data }) =>
    ofInvoice('invoice_drafted', data, { job_id: data.jobId, total: data.total, hash: data.hash }),
  InvoiceRevised: ({ data }) =>
    ofInvoice('invoice_revised', data, { revision: data.revision, total: data.total, hash: data.hash }),
  InvoiceSubmitted: ({ data }) =>
    ofInvoice('invoice_submitted', data, { revision: data.revision, hash: data.hash }),
  InvoiceApproved: ({ data }) =>
    ofInvoice('invoice_approved', data, { revision: data.revision, hash: data.hash }),
  InvoiceRejected: ({ data }) =>
    ofInvoice('invoice_rejected', data, { revision: data.revision, proposal: data.proposal }),
  InvoiceIssueStarted: ({ data }) => ofInvoice('invoice_issue_started', data),
  InvoiceNumberTaken: ({ data }) => ofInvoice('invoice_number_taken', data, { year: data.year, n: data.n }),
  InvoiceIssued: ({ data }) =>
    ofInvoice('invoice_issued', data, { number: data.number, issued_on: data.issuedOn, due_on: data.dueOn }),
  InvoiceSent: ({ data }) => ofInvoice('invoice_sent', data),
  PaymentRecorded: ({ data: { amount, withheld, paidOn, ...data } }) =>
    ofInvoice('invoice_payment_recorded', data, { amount, withheld, paid_on: paidOn }),
  InvoicePaid: ({ data }) => ofInvoice('invoice_paid', data, { paid_on: data.paidOn }),
  InvoiceVoided: ({ data }) => ofInvoice('invoice_voided', data),
  TaxNumberRecorded: ({ data }) => ofInvoice('invoice_tax_number_recorded', data, { nsfp: data.nsfp }),
  InvoiceOverdueFound: ({ data }) => ofInvoice('invoice_overdue', data, { due_on: data.dueOn }),
  RatingRequested: ({ data }) => ofJob('rating_requested', data, { technician_id: data.technicianId }),
  RatingLinkPosted: ({ data }) =>
    ofJob('rating_link_posted', data, { because: data.because, reminder: data.isReminder }),
  JobRated: ({ data: { technician, service, byTechnician, ...data } }) =>
    ofJob('rating_given', data, { technician, service, by_technician: byTechnician }),
};
