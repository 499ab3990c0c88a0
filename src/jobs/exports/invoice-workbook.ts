/** The workbook of a period's invoices (docs/design/field-service.md#files-of-invoices). */
import type { Sheet } from '../../ports.ts';
import { moneyByMonth } from '../../projections/invoices/invoice-figures.ts';
import {
  INVOICE_COLUMNS,
  INVOICE_LINE_COLUMNS,
  invoiceLineRows,
  invoiceRows,
  TAX_FORM_COLUMNS,
  taxFormRows,
} from '../../projections/exports/rows/invoices.ts';
import { DIVISION_NAMES } from '../../projections/exports/rows/labels.ts';
import { divisionsOf, type ExportContext } from './export-context.ts';
import { BEHIND, monthText, periodText } from './formatting.ts';

/** Within the snapshot of `context`. */
export async function* invoiceSheetsOf(context: ExportContext): AsyncIterable<Sheet> {
  const { read, scope, wish, timezone, progress, requester, builtAt, behind } = context;
  const rows = { divisions: divisionsOf(wish), from: wish.start, to: wish.end, timezone };
  const counted = (): void => undefined;
  yield {
    kind: 'cover',
    name: 'Sampul',
    title: `Tagihan ${DIVISION_NAMES[wish.division]}`,
    parts: [
      {
        heading: 'Tentang berkas ini',
        lines: [
          ['Periode', periodText(wish)],
          ['Diminta oleh', requester],
          ['Dibuat pada', builtAt],
          ...(behind ? [['Catatan', BEHIND] as const] : []),
          [
            'e-Faktur',
            'Satu baris per tagihan dan skema pajak, tanpa yang batal; diunggah paling lambat tanggal 20 bulan berikutnya.',
          ],
          ['Kerahasiaan', 'Berisi data pribadi pelanggan. Jangan dibagikan.'],
        ],
      },
    ],
  };
  const months = await moneyByMonth(read, scope, { from: wish.start, to: wish.end });
  yield {
    kind: 'table',
    name: 'Per bulan',
    columns: [
      { heading: 'Bulan', width: 14, format: 'text' },
      { heading: 'Tagihan', width: 10, format: 'count' },
      { heading: 'Ditagih', width: 18, format: 'rupiah' },
      { heading: 'Dibayar', width: 18, format: 'rupiah' },
    ],
    rows: [JSON.stringify(months.map((one) => [monthText(one.month), one.count, one.invoiced, one.paid]))],
  };
  yield {
    kind: 'table',
    name: 'Tagihan',
    columns: INVOICE_COLUMNS,
    rows: invoiceRows(read, scope, rows, counted),
  };
  progress(40);
  yield {
    kind: 'table',
    name: 'Baris',
    columns: INVOICE_LINE_COLUMNS,
    rows: invoiceLineRows(read, scope, rows, counted),
  };
  progress(70);
  yield {
    kind: 'table',
    name: 'e-Faktur',
    columns: TAX_FORM_COLUMNS,
    rows: taxFormRows(read, scope, rows, counted),
  };
}
