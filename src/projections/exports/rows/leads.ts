/** The sheet of leads: every ticket opened in the period (docs/design/api.md#leads). */
import type { ReadStore, Scope } from '../../../ports.ts';
import { localSql, pagesOf, type RowColumn, type RowsQuery, labelSql, WITHIN } from './rows.ts';
import { CHANNEL_NAMES, DIVISION_NAMES, STATUS_NAMES } from './labels.ts';

const yesNoSql = (condition: string): string => `case when ${condition} then 'Ya' else 'Tidak' end`;
const timeSql = (json: string): string => localSql(`(${json})::timestamptz`);

/** The columns of the sheet. */
export const LEAD_COLUMNS: readonly RowColumn[] = [
  { heading: 'Dibuka', width: 17, format: 'moment', sql: localSql('f.opened_at') },
  { heading: 'Divisi', width: 9, format: 'text', sql: labelSql('f.division', DIVISION_NAMES) },
  { heading: 'Pelanggan', width: 26, format: 'text', sql: "t.card->>'customer_name'" },
  { heading: 'Telepon', width: 17, format: 'text', sql: "t.card->>'customer_phone'" },
  { heading: 'Kanal', width: 11, format: 'text', sql: labelSql('f.channel', CHANNEL_NAMES) },
  { heading: 'Status tiket', width: 18, format: 'text', sql: labelSql('t.status', STATUS_NAMES) },
  { heading: 'Tahap CRM', width: 11, format: 'text', sql: 't.crm_stage' },
  { heading: 'Lead valid', width: 9, format: 'text', sql: yesNoSql('f.is_valid') },
  {
    heading: 'Selesai oleh bot',
    width: 10,
    format: 'text',
    sql: yesNoSql('f.is_resolved and not f.had_agent'),
  },
  { heading: 'Agen', width: 22, format: 'text', sql: 'a.name' },
  { heading: 'Balasan pertama', width: 17, format: 'moment', sql: timeSql("t.card->>'first_reply_at'") },
  { heading: 'Ditutup', width: 17, format: 'moment', sql: timeSql("t.card->>'closed_at'") },
  {
    heading: 'Tag',
    width: 24,
    format: 'text',
    sql: "(select string_agg(one, ', ') from json_array_elements_text(t.card->'tags') one)",
  },
  { heading: 'ID tiket', width: 38, format: 'text', sql: 'f.ticket_id' },
];

const SOURCE = `from read.analytics_tickets f
join read.tickets t on t.division = f.division and t.id = f.ticket_id
left join read.users a on a.id = f.agent_id
where f.division = $1 and t.division = $1 and not f.is_joined and ${WITHIN('f.opened_at')}
order by f.opened_at, f.ticket_id`;

/** The rows of the sheet, by division and time; see `pagesOf`. Only within a snapshot. */
export const leadRows = (
  read: ReadStore,
  scope: Scope,
  query: RowsQuery,
  onRows: (rows: number) => void,
): AsyncIterable<string> => pagesOf(read, scope, LEAD_COLUMNS, SOURCE, query, onRows);
