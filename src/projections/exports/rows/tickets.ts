/**
 * The sheet of sales: every ticket opened or decided in the period, with its CRM values
 * (docs/design/api.md#crm-fields and docs/design/api.md#leads).
 */
import type { Division } from '../../../domain/vocabulary.ts';
import type { ReadStore, Scope } from '../../../ports.ts';
import { crmColumns, crmRecord } from './crm-columns.ts';
import { localSql, pagesOf, type RowColumn, type RowsQuery, labelSql, WITHIN } from './rows.ts';
import { CHANNEL_NAMES, CUSTOMER_TYPE_NAMES, DIVISION_NAMES, REASON_NAMES } from './labels.ts';

const WON = `(f.stage = 'Won' and ${WITHIN('f.decided_at')})`;
const LOST = `(f.stage = 'Lost' and ${WITHIN('f.decided_at')})`;

/** The columns of the sheet, with the CRM fields of these divisions. */
export const ticketColumns = (divisions: readonly Division[]): readonly RowColumn[] => [
  { heading: 'Dibuka', width: 17, format: 'moment', sql: localSql('f.opened_at') },
  { heading: 'Divisi', width: 9, format: 'text', sql: labelSql('f.division', DIVISION_NAMES) },
  { heading: 'Pelanggan', width: 26, format: 'text', sql: "t.card->>'customer_name'" },
  { heading: 'Kanal', width: 11, format: 'text', sql: labelSql('f.channel', CHANNEL_NAMES) },
  { heading: 'Tahap CRM', width: 11, format: 'text', sql: 't.crm_stage' },
  {
    heading: 'Hasil dalam periode',
    width: 12,
    format: 'text',
    sql: `case when ${WON} then 'Won' when ${LOST} then 'Lost' end`,
  },
  { heading: 'Diputuskan', width: 17, format: 'moment', sql: localSql('f.decided_at') },
  { heading: 'Agen', width: 22, format: 'text', sql: 'coalesce(d.name, a.name)' },
  { heading: 'Nilai penawaran', width: 18, format: 'rupiah', sql: 'f.quote_value' },
  { heading: 'Nilai transaksi', width: 18, format: 'rupiah', sql: 'f.deal_value' },
  { heading: 'Diskon', width: 16, format: 'rupiah', sql: 'f.discount_given' },
  {
    heading: 'Pendapatan periode',
    width: 18,
    format: 'rupiah',
    sql: `case when ${WON} then coalesce(f.deal_value, 0) end`,
  },
  {
    heading: 'Alasan Lost',
    width: 18,
    format: 'text',
    sql: `case when f.stage = 'Lost' then ${labelSql('f.lost_reason', REASON_NAMES)} end`,
  },
  { heading: 'Kota asal', width: 18, format: 'text', sql: 'f.origin' },
  { heading: 'Kota tujuan', width: 18, format: 'text', sql: 'f.destination' },
  {
    heading: 'Tipe pelanggan',
    width: 14,
    format: 'text',
    sql: labelSql('v.customer_type', CUSTOMER_TYPE_NAMES),
  },
  ...crmColumns(divisions),
  { heading: 'ID tiket', width: 38, format: 'text', sql: 'f.ticket_id' },
];

/** The rows of the sheet, by division and time; see `pagesOf`. Only within a snapshot. */
export const ticketRows = (
  read: ReadStore,
  scope: Scope,
  query: RowsQuery,
  onRows: (rows: number) => void,
): AsyncIterable<string> =>
  pagesOf(
    read,
    scope,
    ticketColumns(query.divisions),
    `from read.analytics_tickets f
join read.tickets t on t.division = f.division and t.id = f.ticket_id
left join read.crm c on c.division = f.division and c.ticket_id = f.ticket_id
${crmRecord(query.divisions)}
left join read.users a on a.id = f.agent_id
left join read.users d on d.id = f.decided_by
where f.division = $1 and t.division = $1
  and (${WITHIN('f.opened_at')} or (f.stage <> 'open' and ${WITHIN('f.decided_at')}))
order by f.opened_at, f.ticket_id`,
    query,
    onRows,
  );
