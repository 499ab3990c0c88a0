/** One invoice as a row: what each event changes (docs/design/field-service.md#invoices). */
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import type { BillTo, InvoiceContent, InvoiceStatus } from '../../domain/invoices/invoice.ts';
import type { TaxLine } from '../../domain/invoices/tax.ts';
import { erasedText } from '../../domain/personal.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { dispatch, type Handlers } from '../../engine/projections/view.ts';
import { isoTime, storable, storableOrNull } from '../../engine/sql/postgres-text.ts';

/** As it is shown, but for the names of people. */
export interface InvoiceCard {
  readonly id: string;
  readonly division: Division;
  readonly job_id: string;
  readonly customer_id: string;
  readonly status: InvoiceStatus;
  readonly revision: number;
  readonly hash: string;
  readonly number: string | null;
  readonly issued_on: string | null;
  readonly due_on: string | null;
  readonly bill_to: BillTo | null;
  readonly base_price: number;
  readonly discount: number;
  readonly net: number;
  readonly taxes: readonly {
    readonly scheme: TaxLine['scheme'];
    readonly base: number;
    readonly dpp: number;
    readonly basis_points: number;
    readonly tax: number;
  }[];
  readonly total: number;
  readonly received: number;
  readonly withheld: number;
  readonly payments: readonly {
    readonly amount: number;
    readonly withheld: number;
    readonly at: string;
    readonly proof: string | null;
  }[];
  readonly paid_on: string | null;
  readonly nsfp: string | null;
  readonly drafted_by: string;
  readonly drafted_at: string;
  readonly submitted_at: string | null;
  readonly approved_by: string | null;
  readonly approved_at: string | null;
  readonly rejection: {
    readonly reason: string;
    readonly proposal: number | null;
    readonly by: string;
    readonly at: string;
  } | null;
  readonly sent_at: string | null;
  readonly void: { readonly reason: string; readonly at: string } | null;
  readonly replaces: string | null;
}

export interface InvoiceRow {
  readonly card: InvoiceCard;
  readonly position: string;
  readonly tokenHash: string | null;
  readonly wasOverdue: boolean;
  readonly issuingSince: string | null;
}

const billToShown = (to: BillTo | null): BillTo | null =>
  to && { name: storable(to.name), address: storableOrNull(to.address), npwp: to.npwp };

const contentShown = (of: InvoiceContent) => ({
  revision: of.revision,
  hash: of.hash,
  bill_to: billToShown(of.billTo),
  base_price: of.basePrice,
  discount: of.discount,
  net: of.net,
  taxes: of.taxes.map(({ scheme, base, dpp, basisPoints, tax }) => ({
    ...{ scheme, base, dpp, basis_points: basisPoints, tax },
  })),
  total: of.total,
});

function begun({ data, metadata, position }: RecordedOf<'InvoiceDrafted'>): InvoiceRow {
  const card: InvoiceCard = {
    ...{ id: data.invoiceId, division: data.division, job_id: data.jobId, customer_id: data.customerId },
    ...{ status: 'draft', number: null, issued_on: null, due_on: null },
    ...contentShown(data),
    ...{ received: 0, withheld: 0, payments: [], paid_on: null, nsfp: null },
    ...{ drafted_by: data.by, drafted_at: isoTime(metadata.at), submitted_at: null },
    ...{ approved_by: null, approved_at: null, rejection: null, sent_at: null, void: null },
    replaces: data.replaces,
  };
  return { card, position, tokenHash: null, wasOverdue: false, issuingSince: null };
}

const changed = (row: InvoiceRow, card: Partial<InvoiceCard>): InvoiceRow => ({
  ...row,
  card: { ...row.card, ...card },
});
/** What was signed is not what stands here any more. */
const unsigned = { submitted_at: null, approved_by: null, approved_at: null } as const;

const HANDLERS: Handlers<[InvoiceRow], InvoiceRow> = {
  InvoiceRevised: ({ data }, row) => changed(row, { ...contentShown(data), ...unsigned, status: 'draft' }),
  InvoiceSubmitted: ({ metadata }, row) =>
    changed(row, { status: 'submitted', submitted_at: isoTime(metadata.at), rejection: null }),
  InvoiceApproved: ({ data, metadata }, row) =>
    changed(row, { status: 'approved', approved_by: data.by, approved_at: isoTime(metadata.at) }),
  InvoiceRejected: ({ data: { reason, proposal, by }, metadata }, row) => {
    const rejection = { reason: storable(reason), proposal, by, at: isoTime(metadata.at) };
    return changed(row, { ...unsigned, status: 'draft', rejection });
  },
  InvoiceIssueStarted: ({ metadata }, row) => ({ ...row, issuingSince: isoTime(metadata.at) }),
  InvoiceIssued: ({ data: { number, issuedOn, dueOn, tokenHash } }, row) => ({
    ...changed(row, { status: 'issued', number, issued_on: issuedOn, due_on: dueOn }),
    tokenHash,
    issuingSince: null,
  }),
  InvoiceSent: ({ metadata }, row) =>
    changed(row, {
      sent_at: isoTime(metadata.at),
      status: row.card.status === 'issued' ? 'sent' : row.card.status,
    }),
  PaymentRecorded: ({ data: { amount, withheld, paidOn, proof } }, row) =>
    changed(row, {
      received: row.card.received + amount,
      withheld: row.card.withheld + withheld,
      payments: [...row.card.payments, { amount, withheld, at: paidOn, proof: storableOrNull(proof) }],
    }),
  InvoicePaid: ({ data: { paidOn } }, row) => changed(row, { status: 'paid', paid_on: paidOn }),
  InvoiceVoided: ({ data: { reason }, metadata }, row) =>
    changed(row, { status: 'void', void: { reason: storable(reason), at: isoTime(metadata.at) } }),
  TaxNumberRecorded: ({ data: { nsfp } }, row) => changed(row, { nsfp }),
  InvoiceOverdueFound: (_event, row) => ({ ...row, wasOverdue: true }),
};

/** @returns the row after the event; the same row: it changes nothing */
export function evolveInvoiceRow(row: InvoiceRow | undefined, event: Recorded): InvoiceRow | undefined {
  if (event.type === 'InvoiceDrafted') return row ?? begun(event);
  return row && (dispatch(HANDLERS, event, row) ?? row);
}

/** What is left of it when its customer was erased: the law wants number and amounts (docs/design/field-service.md#erasure-of-invoices). */
export const erasedCard = (card: InvoiceCard): InvoiceCard => ({
  ...card,
  bill_to: null,
  rejection: card.rejection && { ...card.rejection, reason: erasedText(card.rejection.reason) },
  void: card.void && { ...card.void, reason: erasedText(card.void.reason) },
});
