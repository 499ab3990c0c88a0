/** The content of an invoice as a person writes it, and what follows from it (docs/design/field-service.md#invoices). */
import { z } from 'zod';
import {
  type BillTo,
  type InvoiceContent,
  invoiceHash,
  type InvoiceLine,
} from '../../domain/invoices/invoice.ts';
import { taxScheme, type TaxScheme } from '../../domain/field-jobs/services.ts';
import { taxesOf, type TaxRate } from '../../domain/invoices/tax.ts';
import { EMPTY, problem } from '../../domain/problems.ts';
import { Refusal } from '../../domain/refusals.ts';
import { showsSomething } from '../../domain/words.ts';

const words = (most: number) => z.string().trim().min(1).max(most).refine(showsSomething, EMPTY);
/** Rupiah: an invoice of all lines at their most is still a whole number that a program can hold. */
const price = z.int().min(0).max(100_000_000_000);
const MOST_TOTAL = 10_000_000_000_000;

const wantedLine = z.strictObject({
  service: z.string().trim().min(1).max(60).optional().meta({
    description: 'Key of a service of the division; absent: that of the job.',
    example: 'ac_service',
  }),
  description: words(300).meta({ example: 'Servis AC, dua unit' }),
  quantity: z.int().min(1).max(1_000).default(1).meta({ example: 2 }),
  unit_price: price.meta({ example: 250_000 }),
  discount: price.default(0).meta({ description: 'Off this line, in rupiah.', example: 50_000 }),
  tax_scheme: taxScheme.optional().meta({ description: 'Absent: that of the service.' }),
});
const lines = z.array(wantedLine).min(1).max(50);
const wantedBillTo = z.strictObject({
  name: words(200).meta({ example: 'PT Maju Jaya' }),
  address: words(500).nullable().default(null).meta({ example: 'Jl. Merdeka 1, Bandung' }),
  npwp: z
    .string()
    .regex(/^\d{15,16}$/, 'Isi 15 atau 16 angka')
    .nullable()
    .default(null)
    .meta({ example: '0123456789012345' }),
});

export const draftInput = z.strictObject({
  lines: lines
    .optional()
    .meta({ description: 'Absent: one line, the service of the job at its base price.' }),
  bill_to: wantedBillTo.optional().meta({ description: 'Absent: the customer, as they are known.' }),
});
export const reviseInput = z.strictObject({
  revision: z.int().positive().optional().meta({
    description: 'The revision that was read; another one is 409 INVOICE_CHANGED.',
    example: 1,
  }),
  lines: lines.optional(),
  bill_to: wantedBillTo.optional(),
});
export type WantedLine = z.output<typeof wantedLine>;
export type DraftInput = z.output<typeof draftInput>;
export type ReviseInput = z.output<typeof reviseInput>;

/** What the content follows from besides the words. */
export interface ContentFacts {
  readonly basePrice: number;
  /** Service of the job. */
  readonly service: string;
  /** Scheme of a service of the division; null: it has no such service. */
  readonly schemeOf: (service: string) => TaxScheme | null;
  readonly rates: readonly TaxRate[];
  /** Day of the business. */
  readonly day: string;
}

const wrong = (path: string, code: 'NOT_FOUND' | 'TOO_LARGE' | 'NOT_APPLICABLE', message: string): Refusal =>
  new Refusal('VALIDATION_FAILED', [problem(path, code, message)]);

function lineOf(wanted: WantedLine, at: number, { service: own, schemeOf }: ContentFacts): InvoiceLine {
  const { description, quantity, unit_price: unitPrice, discount, service = own } = wanted;
  const scheme = schemeOf(service);
  if (scheme === null)
    throw wrong(`lines.${String(at)}.service`, 'NOT_FOUND', 'Layanan ini tidak ada di divisi ini');
  const base = quantity * unitPrice - discount;
  if (base < 0) throw wrong(`lines.${String(at)}.discount`, 'TOO_LARGE', 'Diskon melebihi harga baris ini');
  return {
    service,
    description,
    quantity,
    unitPrice,
    discount,
    taxScheme: wanted.tax_scheme ?? scheme,
    base,
  };
}

/** @throws Refusal VALIDATION_FAILED */
export const linesOf = (wanted: readonly WantedLine[], facts: ContentFacts): InvoiceLine[] =>
  wanted.map((line, at) => lineOf(line, at, facts));

/**
 * Sums, taxes and hash of lines.
 * @throws Refusal VALIDATION_FAILED: a tax has no rate on that day, or the sum is out of bounds
 */
export function contentOf(
  { lines: all, billTo, revision, by }: Pick<InvoiceContent, 'billTo' | 'revision' | 'by' | 'lines'>,
  { basePrice, rates, day }: Pick<ContentFacts, 'basePrice' | 'rates' | 'day'>,
): InvoiceContent {
  const taxes = taxesOf(all, rates, day);
  if (taxes === null) throw wrong('lines', 'NOT_APPLICABLE', 'Tarif pajak untuk tanggal ini belum diatur');
  const net = all.reduce((sum, { base }) => sum + base, 0);
  const total = taxes.reduce((sum, { tax }) => sum + tax, net);
  if (total > MOST_TOTAL) throw wrong('lines', 'TOO_LARGE', 'Jumlah tagihan terlalu besar');
  const takenOff = all.reduce((sum, { discount }) => sum + discount, 0);
  const made = { lines: all, billTo, basePrice, taxes: [...taxes], total };
  return {
    ...made,
    ...{ revision, net, by, discount: Math.max(takenOff, basePrice - net, 0), hash: invoiceHash(made) },
  };
}

export const billToOf = (wanted: DraftInput['bill_to'], known: BillTo | null): BillTo | null =>
  wanted === undefined ? known : { name: wanted.name, address: wanted.address, npwp: wanted.npwp };
