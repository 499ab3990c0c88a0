/** Words of invoices. */
import type { Schemas } from '../lib/api.ts';
import type { Tone } from '../ui/badge.tsx';

export type Invoice = Schemas['Invoice'];
export type WholeInvoice = Schemas['WholeInvoice'];
export type InvoiceStatus = Invoice['status'];
export type TaxScheme = Schemas['InvoiceTax']['scheme'];

export const INVOICE_STATUS: Record<InvoiceStatus, { readonly word: string; readonly tone: Tone }> = {
  draft: { word: 'Draf', tone: 'grey' },
  submitted: { word: 'Menunggu persetujuan', tone: 'orange' },
  approved: { word: 'Disetujui', tone: 'teal' },
  issued: { word: 'Terbit', tone: 'blue' },
  sent: { word: 'Terkirim', tone: 'yellow' },
  paid: { word: 'Lunas', tone: 'green' },
  void: { word: 'Batal', tone: 'red' },
};

export const TAX: Record<TaxScheme, string> = {
  dpp_11_12: 'PPN (DPP nilai lain 11/12)',
  besaran_1_1: 'PPN besaran tertentu',
  exempt: 'Dibebaskan dari PPN',
  non_pkp: 'Tidak dikenai PPN',
};

/** What an invoice is called before it has a number. */
export const nameOf = ({ number, bill_to: to }: Pick<Invoice, 'number' | 'bill_to'>): string =>
  number ?? `Tagihan ${to?.name ?? 'tanpa nama'}`;
