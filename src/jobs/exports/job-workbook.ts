/** The workbook of a period's jobs (docs/design/field-service.md#files-of-jobs). */
import type { Cell, Sheet } from '../../ports.ts';
import { jobColumns, jobRows } from '../../projections/exports/rows/jobs.ts';
import { DIVISION_NAMES } from '../../projections/exports/rows/labels.ts';
import { visitFigures } from '../../projections/field-jobs/visit-figures.ts';
import { divisionsOf, type ExportContext } from './export-context.ts';
import { BEHIND, periodText } from './formatting.ts';

type Figures = Awaited<ReturnType<typeof visitFigures>>;

const cover = ({ wish, requester, builtAt, timezone, behind }: ExportContext): Sheet => ({
  kind: 'cover',
  name: 'Sampul',
  title: `Pekerjaan ${DIVISION_NAMES[wish.division]}`,
  parts: [
    {
      heading: 'Tentang berkas ini',
      lines: [
        ['Periode', periodText(wish)],
        ['Diminta oleh', requester],
        ['Dibuat pada', builtAt],
        ...(behind ? [['Catatan', BEHIND] as const] : []),
        ['Zona waktu', timezone],
        ['Isi', 'Setiap pekerjaan yang jadwalnya mulai dalam periode, juga yang dibatalkan.'],
        [
          'Kerahasiaan',
          'Berisi data pribadi pelanggan. Jangan dibagikan, dan hapus bila tidak diperlukan lagi.',
        ],
      ],
    },
    {
      heading: 'Definisi',
      lines: [
        [
          'Menit sampai diambil',
          'Nilai tengah dari pekerjaan dibuka sampai pertama kali diambil atau ditugaskan.',
        ],
        [
          'Tepat waktu',
          'Bagian dari yang check-in paling lambat pada akhir jadwal, atau pada waktu yang dijanjikan.',
        ],
        [
          'Selesai sekali datang',
          'Bagian dari yang selesai tanpa teknisi tidak datang dan tanpa laporan dikembalikan.',
        ],
      ],
    },
  ],
});

function summary({ figures }: Figures): Sheet {
  const rows: readonly (readonly Cell[])[] = [
    ['Pekerjaan', figures.jobs, 'pekerjaan'],
    ['Dibatalkan', figures.cancelled, 'pekerjaan'],
    ['Waktu sampai diambil', figures.median_minutes_to_take, 'menit'],
    ['Sudah check-in', figures.arrived, 'pekerjaan'],
    ['Tepat waktu', figures.on_time_pct, '%'],
    ['Tidak datang', figures.no_shows, 'kali'],
    ['Selesai', figures.completed, 'pekerjaan'],
    ['Selesai sekali datang', figures.first_visit_pct, '%'],
  ];
  return {
    kind: 'table',
    name: 'Ringkasan',
    columns: [
      { heading: 'Angka', width: 30, format: 'text' },
      { heading: 'Nilai', width: 20, format: 'figure' },
      { heading: 'Satuan', width: 12, format: 'text' },
    ],
    rows: [JSON.stringify(rows)],
  };
}

const perDay = ({ days }: Figures): Sheet => ({
  kind: 'table',
  name: 'Per hari',
  columns: [
    { heading: 'Tanggal', width: 14, format: 'day' },
    { heading: 'Pekerjaan', width: 12, format: 'count' },
    { heading: 'Selesai', width: 12, format: 'count' },
  ],
  rows: [JSON.stringify(days.map(({ day, jobs, completed }) => [day, jobs, completed]))],
});

/** Within the snapshot of `context`. */
export async function* jobSheetsOf(context: ExportContext): AsyncIterable<Sheet> {
  const { read, scope, wish, timezone, services, progress } = context;
  const divisions = divisionsOf(wish);
  const figures = await visitFigures(read, scope, divisions, { from: wish.start, to: wish.end });
  const expected = Math.max(1, figures.figures.jobs + figures.figures.cancelled);
  const columns = jobColumns(Object.fromEntries(services.map(({ key, label }) => [key, label])));
  const rows = { divisions, from: wish.start, to: wish.end, timezone };
  let done = 0;
  yield cover(context);
  yield summary(figures);
  yield perDay(figures);
  yield {
    kind: 'table',
    name: 'Pekerjaan',
    columns,
    rows: jobRows(read, scope, columns, rows, (more) => {
      done += more;
      progress(Math.min(95, 5 + (90 * done) / expected));
    }),
  };
}
