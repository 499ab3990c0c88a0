/** Jobs of a period as rows (docs/design/field-service.md#files-of-jobs), with who went, how it went, and what was made of it. */
import type { JobStatus } from '../../../domain/field-jobs/job.ts';
import type { ReadStore, Scope } from '../../../ports.ts';
import { DIVISION_NAMES } from './labels.ts';
import { column, labelSql, localSql, pagesOf, type RowColumn, type RowsQuery } from './rows.ts';

export const JOB_STATUS_NAMES: Readonly<Record<JobStatus, string>> = {
  open: 'Terbuka',
  assigned: 'Diambil',
  in_progress: 'Dikerjakan',
  done: 'Menunggu laporan diterima',
  completed: 'Selesai',
  cancelled: 'Dibatalkan',
};
const VERDICT_NAMES = { in: 'Di tempat', out: 'Di luar tempat', unsure: 'Tidak pasti' } as const;

const text = (member: string): string => `j.job->>'${member}'`;

/** @param services labels of the services by their keys */
export const jobColumns = (services: Readonly<Record<string, string>>): readonly RowColumn[] => [
  column('Jadwal mulai', 17, 'moment', localSql('j.window_from')),
  column('Jadwal selesai', 17, 'moment', localSql('j.window_to')),
  column('Divisi', 9, 'text', labelSql('j.division', DIVISION_NAMES)),
  column('Status', 24, 'text', labelSql('j.status', JOB_STATUS_NAMES)),
  column('Layanan', 28, 'text', labelSql("(j.job->'state'->>'kind')", services)),
  column('Pelanggan', 26, 'text', 'c.name'),
  column('Telepon', 17, 'text', 'c.phone'),
  column('Alamat', 40, 'text', text('address')),
  column('Kecamatan', 18, 'text', text('district')),
  column('Kota', 18, 'text', text('city')),
  column('Masalah', 40, 'text', text('problem')),
  column('Harga dasar', 16, 'rupiah', "(j.job->'state'->>'basePrice')::bigint"),
  column('Teknisi', 22, 'text', 't.name'),
  column('Dibuka', 17, 'moment', localSql('v.opened_at')),
  column('Pertama diambil', 17, 'moment', localSql('v.taken_at')),
  column('Check-in', 17, 'moment', localSql('v.arrived_at')),
  column('Lokasi check-in', 16, 'text', labelSql("(j.job->'arrival'->>'verdict')", VERDICT_NAMES)),
  column('Jarak (m)', 10, 'count', "round((j.job->'arrival'->>'distance')::numeric)"),
  column('Check-out', 17, 'moment', localSql('v.finished_at')),
  column('Laporan diterima', 17, 'moment', localSql('v.completed_at')),
  column('Tidak datang (kali)', 11, 'count', 'v.missed'),
  column('Laporan dikembalikan (kali)', 13, 'count', 'v.sent_back'),
  column('Nomor tagihan', 26, 'text', 'i.number'),
  column('Nilai teknisi', 9, 'count', 'r.technician'),
  column('Nilai layanan', 9, 'count', 'r.service'),
  column('Nilai dari perangkat teknisi', 13, 'text', "case when r.by_technician then 'Ya' end"),
  column('Alasan batal', 30, 'text', text('cancelReason')),
  column('ID pekerjaan', 38, 'text', 'j.id'),
];

// A day of a job is one of Jakarta; the time zone is for the moments.
const SOURCE = `from read.jobs j
left join read.visits v on v.division = j.division and v.job_id = j.id
left join lateral (select k.name, k.phone from read.customers o
  join read.customers k on k.division = o.division and k.id = coalesce(o.merged_into, o.id)
  where o.division = j.division and o.id = j.customer_id) c on true
left join lateral (select x.number from read.invoices x where x.division = j.division and x.job_id = j.id and x.status <> 'void'
  order by x.position desc limit 1) i on true
left join read.ratings r on r.division = j.division and r.job_id = j.id
left join read.users t on t.id = j.technician_id
where j.division = $1 and j.day between $2::date and $3::date
order by j.window_from, j.id`;

/** The rows of the sheet, by division and window; see `pagesOf`. Only within a snapshot. */
export const jobRows = (
  read: ReadStore,
  scope: Scope,
  columns: readonly RowColumn[],
  query: RowsQuery,
  onRows: (rows: number) => void,
): AsyncIterable<string> => pagesOf(read, scope, columns, SOURCE, query, onRows);
