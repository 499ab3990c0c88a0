/**
 * The numbers of a division's invoices in one year, without a gap (docs/design/field-service.md#invoice-numbers): each is taken
 * once, at issue, and belongs to one invoice for ever.
 */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { division, type Division } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const invoiceNumbersId = (of: Division, year: number): string => `${of}-${String(year)}`;
export const invoiceNumbersStream = (id: string): string => `invoicenumbers-${id}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

export const InvoiceNumberTaken = defineEvent('InvoiceNumberTaken', {
  division,
  year: z.int(),
  /** From 1, without a gap. */
  n: z.int().positive(),
  invoiceId: z.uuid(),
  /** The day of the invoice, in the business time zone. */
  takenOn: z.iso.date(),
});

export const invoiceNumberEvents = [InvoiceNumberTaken] as const;
export type InvoiceNumberEvent = EventOf<typeof InvoiceNumberTaken>;
export type TakenNumber = InvoiceNumberEvent['data'];

// ---------------------------------------------------------------- state and evolve

/** The newest number, and those before it: a list that shares its tail, so that a year of them folds in one pass. */
export type InvoiceNumbers = { readonly taken: TakenNumber; readonly before: InvoiceNumbers } | null;

export const invoiceNumbers: Aggregate<InvoiceNumbers, InvoiceNumberEvent> = {
  category: 'invoicenumbers',
  stream: invoiceNumbersStream,
  initial: null,
  evolve: (before, { data }) => ({ taken: data, before }),
};

/** @returns the number of this invoice; null: it has none here */
export function numberOf(numbers: InvoiceNumbers, invoiceId: string): TakenNumber | null {
  for (let at = numbers; at !== null; at = at.before) if (at.taken.invoiceId === invoiceId) return at.taken;
  return null;
}

/** As people write it: `INV/SAFIA/2026/000123`. */
export const numberText = ({ division: of, year, n }: Pick<TakenNumber, 'division' | 'year' | 'n'>): string =>
  `INV/${of.toUpperCase()}/${String(year)}/${String(n).padStart(6, '0')}`;
