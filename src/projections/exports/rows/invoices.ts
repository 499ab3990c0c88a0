/** Invoices of a period as rows (docs/design/field-service.md#files-of-invoices): each, its lines, and its taxes for the e-Faktur. */
import type { ReadStore, Scope } from '../../../ports.ts';
import { column, labelSql, pagesOf, type RowColumn, type RowsQuery } from './rows.ts';

const TAX_LABELS = {
  dpp_11_12: 'DPP nilai lain 11/12',
  besaran_1_1: 'Besaran tertentu 1,1%',
  exempt: 'Dibebaskan',
  non_pkp: 'Non PKP',
} as const;
const STATUS_LABELS = { issued: 'Terbit', sent: 'Terkirim', paid: 'Lunas', void: 'Batal' } as const;

const day = (name: string): string => `to_char(i.${name}, 'YYYY-MM-DD')`;
const billed = (member: string): string => `i.card->'bill_to'->>'${member}'`;

export const INVOICE_COLUMNS: readonly RowColumn[] = [
  column('Nomor', 26, 'text', 'i.number'),
  column('Tanggal', 13, 'day', day('issued_on')),
  column('Jatuh tempo', 13, 'day', day('due_on')),
  column('Status', 12, 'text', labelSql('i.status', STATUS_LABELS)),
  column('Pelanggan', 30, 'text', billed('name')),
  column('NPWP', 20, 'text', billed('npwp')),
  column('Sebelum pajak', 18, 'rupiah', 'i.net'),
  column('Pajak', 16, 'rupiah', 'i.tax'),
  column('Total', 18, 'rupiah', 'i.total'),
  column('Diterima', 18, 'rupiah', 'i.received'),
  column('Dipotong', 16, 'rupiah', 'i.withheld'),
  column('Lunas pada', 13, 'day', day('paid_on')),
  column('NSFP', 22, 'text', "i.card->>'nsfp'"),
];

export const INVOICE_LINE_COLUMNS: readonly RowColumn[] = [
  column('Nomor', 26, 'text', 'i.number'),
  column('Layanan', 20, 'text', 'l.service'),
  column('Uraian', 40, 'text', 'l.description'),
  column('Jumlah', 9, 'count', 'l.quantity'),
  column('Harga satuan', 18, 'rupiah', 'l.unit_price'),
  column('Diskon', 16, 'rupiah', 'l.discount'),
  column('Nilai', 18, 'rupiah', 'l.base'),
  column('Skema pajak', 24, 'text', labelSql('l.tax_scheme', TAX_LABELS)),
];

/** What the upload of an e-Faktur asks for, by invoice and scheme: code 04 or 05, base, DPP, rate, tax. */
export const TAX_FORM_COLUMNS: readonly RowColumn[] = [
  column('Tanggal Faktur', 14, 'day', day('issued_on')),
  column('Jenis Faktur', 12, 'text', "'Normal'"),
  column('Kode Transaksi', 14, 'text', "case t->>'scheme' when 'dpp_11_12' then '04' else '05' end"),
  column('Referensi', 26, 'text', 'i.number'),
  column('NPWP Pembeli', 20, 'text', billed('npwp')),
  column('Nama Pembeli', 30, 'text', billed('name')),
  column('Alamat Pembeli', 40, 'text', billed('address')),
  column('Harga Jual', 18, 'rupiah', "(t->>'base')::bigint"),
  column('DPP', 18, 'rupiah', "(t->>'dpp')::bigint"),
  column('Tarif', 10, 'decimal', "(t->>'basis_points')::numeric / 100"),
  column('PPN', 16, 'rupiah', "(t->>'tax')::bigint"),
];

// A day of an invoice is one of the business already; the time zone is named so that each parameter has a type.
const OF_PERIOD = `where i.division = $1 and i.issued_on between $2::date and $3::date and $4::text is not null`;
const ORDER = 'order by i.issued_on, i.number';

type Rows = (
  read: ReadStore,
  scope: Scope,
  query: RowsQuery,
  onRows: (rows: number) => void,
) => AsyncIterable<string>;

export const invoiceRows: Rows = (read, scope, query, onRows) =>
  pagesOf(read, scope, INVOICE_COLUMNS, `from read.invoices i ${OF_PERIOD} ${ORDER}`, query, onRows);

export const invoiceLineRows: Rows = (read, scope, query, onRows) =>
  pagesOf(
    read,
    scope,
    INVOICE_LINE_COLUMNS,
    `from read.invoices i join read.invoice_lines l on l.division = i.division and l.invoice_id = i.id ${OF_PERIOD} ${ORDER}, l.n`,
    query,
    onRows,
  );

/** Only what is taxed, and not what is void. */
export const taxFormRows: Rows = (read, scope, query, onRows) =>
  pagesOf(
    read,
    scope,
    TAX_FORM_COLUMNS,
    `from read.invoices i cross join lateral json_array_elements(i.card->'taxes') t ${OF_PERIOD} and i.status <> 'void' and (t->>'basis_points')::int > 0 ${ORDER}`,
    query,
    onRows,
  );
