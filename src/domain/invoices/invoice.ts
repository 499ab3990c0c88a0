/**
 * What a customer pays for a job (docs/design/field-service.md#invoices): drafted, approved by a second person, issued under a
 * number, sent, paid or void. An approval is given to one revision and the hash of its content.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { division, ERASED } from '../vocabulary.ts';
import { taxScheme } from '../field-jobs/services.ts';
import { taxLine } from './tax.ts';

// ---------------------------------------------------------------- stream name

export const invoiceStream = (id: string): string => `invoice-${id}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const rupiah = z.int().nonnegative();

export const invoiceLine = z.object({
  /** Key of the service (`SERVICES`). */
  service: z.string(),
  description: z.string(),
  quantity: z.int().positive(),
  unitPrice: rupiah,
  /** Off this line, in rupiah. */
  discount: rupiah,
  taxScheme,
  /** quantity x unitPrice - discount. */
  base: rupiah,
});
export type InvoiceLine = z.infer<typeof invoiceLine>;

/** Who is billed, as it stands on the paper. */
export const billTo = z.object({
  name: z.string(),
  address: z.string().nullable(),
  /** Tax number of a firm. */
  npwp: z.string().nullable(),
});
export type BillTo = z.infer<typeof billTo>;

const ref = { invoiceId: z.uuid(), jobId: z.uuid(), division, customerId: z.uuid() };

const content = {
  /** From 1; each change of the content raises it. */
  revision: z.int().positive(),
  lines: z.array(invoiceLine).min(1),
  billTo: billTo.nullable(),
  /** What the job was priced at. */
  basePrice: rupiah,
  /** How far the price is below: the larger of what was taken off and what is missing to `basePrice`. */
  discount: rupiah,
  /** Sum of the bases. */
  net: rupiah,
  taxes: z.array(taxLine),
  /** net + taxes: what the customer owes. */
  total: rupiah,
  /** SHA-256 of the content: what an approval is given to. */
  hash: z.string(),
  by: z.uuid(),
};
const PERSONAL_CONTENT = {
  personal: ['billTo', 'lines'],
  // The law keeps amounts and number; names and words go.
  erased: {
    billTo: () => null,
    lines: (lines: InvoiceLine[]) =>
      lines.map(({ description, ...line }) => ({
        ...line,
        description: description.trim() === '' ? description : ERASED,
      })),
  },
} as const;

export const InvoiceDrafted = defineEvent(
  'InvoiceDrafted',
  {
    ...ref,
    ...content,
    /** The talk that the link goes to; null: none. */
    talkId: z.uuid().nullable(),
    /** The void invoice that it stands for. */
    replaces: z.uuid().nullable(),
  },
  { personal: [...PERSONAL_CONTENT.personal], erased: PERSONAL_CONTENT.erased },
);
export const InvoiceRevised = defineEvent(
  'InvoiceRevised',
  { ...ref, ...content },
  { personal: [...PERSONAL_CONTENT.personal], erased: PERSONAL_CONTENT.erased },
);
const seen = { ...ref, revision: z.int().positive(), hash: z.string(), by: z.uuid() };
/** `approvers`: who is asked, as they were then. */
export const InvoiceSubmitted = defineEvent('InvoiceSubmitted', { ...seen, approvers: z.array(z.uuid()) });
/** `draftedBy`: who is told. */
export const InvoiceApproved = defineEvent('InvoiceApproved', { ...seen, draftedBy: z.uuid() });
/** Back to the draft. `proposal`: the net price that the approver would sign, in rupiah. */
export const InvoiceRejected = defineEvent(
  'InvoiceRejected',
  { ...seen, draftedBy: z.uuid(), reason: z.string(), proposal: rupiah.nullable() },
  { personal: ['reason'] },
);
/** Before the number is taken: from here on nothing but the issue follows, so that no number is lost. */
export const InvoiceIssueStarted = defineEvent('InvoiceIssueStarted', { ...ref, by: z.uuid() });
export const InvoiceIssued = defineEvent('InvoiceIssued', {
  ...ref,
  number: z.string(),
  /** Days in the business time zone. */
  issuedOn: z.iso.date(),
  dueOn: z.iso.date(),
  /** SHA-256 of the token in the customer's link. */
  tokenHash: z.string(),
});
export const InvoiceSent = defineEvent('InvoiceSent', { ...ref, linkMessageId: z.uuid(), by: z.uuid() });
export const PaymentRecorded = defineEvent('PaymentRecorded', {
  ...ref,
  paymentId: z.uuid(),
  amount: rupiah,
  /** Tax that the customer kept back and pays for us (PPh 23). */
  withheld: rupiah,
  paidOn: z.iso.date(),
  /** Number of the slip or of the bukti potong. */
  proof: z.string().nullable(),
  by: z.uuid(),
});
/** Payments and withheld tax are as much as the total. */
export const InvoicePaid = defineEvent('InvoicePaid', { ...ref, paidOn: z.iso.date() });
/** The number stays taken. */
export const InvoiceVoided = defineEvent(
  'InvoiceVoided',
  { ...ref, reason: z.string(), by: z.uuid() },
  { personal: ['reason'] },
);
/** Given by the tax office when the e-Faktur was uploaded. */
export const TaxNumberRecorded = defineEvent('TaxNumberRecorded', { ...ref, nsfp: z.string(), by: z.uuid() });
/** Its day is over and it is not paid. `recipients`: who is told. */
export const InvoiceOverdueFound = defineEvent('InvoiceOverdueFound', {
  ...ref,
  dueOn: z.iso.date(),
  recipients: z.array(z.uuid()),
});

export const invoiceEvents = [
  InvoiceDrafted,
  InvoiceRevised,
  InvoiceSubmitted,
  InvoiceApproved,
  InvoiceRejected,
  InvoiceIssueStarted,
  InvoiceIssued,
  InvoiceSent,
  PaymentRecorded,
  InvoicePaid,
  InvoiceVoided,
  TaxNumberRecorded,
  InvoiceOverdueFound,
] as const;
export type InvoiceEvent = EventOf<(typeof invoiceEvents)[number]>;
export type InvoiceRef = z.infer<z.ZodObject<typeof ref>>;
export type InvoiceContent = z.infer<z.ZodObject<typeof content>>;

/** SHA-256 over what an approval is given to: every word and amount that the customer will read. */
export const invoiceHash = ({
  lines,
  billTo: to,
  basePrice,
  taxes,
  total,
}: Pick<InvoiceContent, 'lines' | 'billTo' | 'basePrice' | 'taxes' | 'total'>): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        lines.map((one) => [
          ...[one.service, one.description, one.quantity, one.unitPrice, one.discount, one.taxScheme],
        ]),
        to === null ? null : [to.name, to.address, to.npwp],
        basePrice,
        taxes.map(({ scheme, base, dpp, basisPoints, tax }) => [scheme, base, dpp, basisPoints, tax]),
        total,
      ]),
    )
    .digest('hex');

// ---------------------------------------------------------------- state

export const INVOICE_STATUSES = ['draft', 'submitted', 'approved', 'issued', 'sent', 'paid', 'void'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

export interface ExistingInvoice {
  readonly status: InvoiceStatus;
  readonly ref: InvoiceRef;
  readonly talkId: string | null;
  readonly content: InvoiceContent;
  /** Everybody who wrote the content since the last approval: none of them approves it. */
  readonly authors: readonly string[];
  /** Its number is being taken. */
  readonly isIssuing: boolean;
  /** Null: not issued. */
  readonly issue: { readonly number: string; readonly issuedOn: string; readonly dueOn: string } | null;
  /** Rupiah that came, and that was withheld. */
  readonly received: number;
  readonly withheld: number;
  readonly nsfp: string | null;
  readonly wasOverdue: boolean;
}
export type Invoice = { readonly status: 'absent' } | ExistingInvoice;

// ---------------------------------------------------------------- evolve

const refOf = ({ invoiceId, jobId, division: of, customerId }: InvoiceRef): InvoiceRef => ({
  ...{ invoiceId, jobId, division: of, customerId },
});

function evolve(state: Invoice, { type, data }: InvoiceEvent): Invoice {
  if (type === 'InvoiceDrafted')
    return {
      status: 'draft',
      ref: refOf(data),
      talkId: data.talkId,
      content: data,
      authors: [data.by],
      isIssuing: false,
      issue: null,
      received: 0,
      withheld: 0,
      nsfp: null,
      wasOverdue: false,
    };
  if (state.status === 'absent') return state;
  switch (type) {
    case 'InvoiceRevised': {
      const authors = [...state.authors.filter((one) => one !== data.by), data.by];
      return { ...state, status: 'draft', content: data, authors };
    }
    case 'InvoiceSubmitted':
      return { ...state, status: 'submitted' };
    case 'InvoiceApproved':
      return { ...state, status: 'approved' };
    case 'InvoiceRejected':
      return { ...state, status: 'draft' };
    case 'InvoiceIssueStarted':
      return { ...state, isIssuing: true };
    case 'InvoiceIssued': {
      const { number, issuedOn, dueOn } = data;
      return { ...state, status: 'issued', isIssuing: false, issue: { number, issuedOn, dueOn } };
    }
    case 'InvoiceSent':
      return { ...state, status: state.status === 'issued' ? 'sent' : state.status };
    case 'PaymentRecorded':
      return {
        ...state,
        received: state.received + data.amount,
        withheld: state.withheld + data.withheld,
      };
    case 'InvoicePaid':
      return { ...state, status: 'paid' };
    case 'InvoiceVoided':
      return { ...state, status: 'void', isIssuing: false };
    case 'TaxNumberRecorded':
      return { ...state, nsfp: data.nsfp };
    case 'InvoiceOverdueFound':
      return { ...state, wasOverdue: true };
  }
}

export const invoice: Aggregate<Invoice, InvoiceEvent> = {
  category: 'invoice',
  stream: invoiceStream,
  initial: { status: 'absent' },
  evolve,
};
