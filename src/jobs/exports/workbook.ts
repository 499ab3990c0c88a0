/** The workbook of a division (docs/design/business-rules.md#exports). */
import type { Cell, CellFormat, Sheet, SheetColumn, TableSheet } from '../../ports.ts';
import type { AgentLine, DivisionFigures, LostReason } from '../../projections/analytics/figures.ts';
import { LEAD_COLUMNS, leadRows } from '../../projections/exports/rows/leads.ts';
import { ticketColumns, ticketRows } from '../../projections/exports/rows/tickets.ts';
import { CHANNEL_NAMES, DIVISION_NAMES, REASON_NAMES } from '../../projections/exports/rows/labels.ts';
import { divisionsOf, figuresQuery, type ExportContext } from './export-context.ts';
import { BEHIND, DEFINITIONS, monthText, periodText, slaDefinition } from './formatting.ts';

const column = (heading: string, width: number, format: CellFormat): SheetColumn => ({
  heading,
  width,
  format,
});
const table = (
  name: string,
  columns: readonly SheetColumn[],
  rows: readonly (readonly Cell[])[],
): TableSheet => ({
  kind: 'table',
  name,
  columns,
  rows: [JSON.stringify(rows)],
});

function cover({ wish, requester, builtAt, timezone, slaMinutes, behind }: ExportContext): Sheet {
  return {
    kind: 'cover',
    name: 'Sampul',
    title: `Laporan ${DIVISION_NAMES[wish.division]}`,
    parts: [
      {
        heading: 'Tentang berkas ini',
        lines: [
          ['Divisi', DIVISION_NAMES[wish.division]],
          ['Periode', periodText(wish)],
          ['Diminta oleh', requester],
          ['Dibuat pada', builtAt],
          ...(behind ? [['Catatan', BEHIND] as const] : []),
          ['Zona waktu', timezone],
          [
            'Kerahasiaan',
            'Berisi data pribadi pelanggan. Jangan dibagikan, dan hapus bila tidak diperlukan lagi.',
          ],
        ],
      },
      {
        heading: 'Lembar',
        lines: [
          ['Ringkasan', 'Angka-angka periode; sama dengan dasbor pada saat berkas dibuat.'],
          ['Lead', 'Setiap tiket yang dibuka dalam periode.'],
          ['Tiket dan CRM', 'Setiap tiket yang dibuka atau diputuskan dalam periode, dengan nilai CRM.'],
          ['Agen', 'Kinerja setiap agen.'],
          ['Alasan Lost, Rute, Kanal, Tren, Musim, Blast', 'Rincian angka periode.'],
        ],
      },
      { heading: 'Definisi', lines: [...Object.values(DEFINITIONS), slaDefinition(slaMinutes)] },
    ],
  };
}

/** One figure a row, each as a plain number: percentages, rupiah, days. */
function summary(figures: DivisionFigures): Sheet {
  return table(
    'Ringkasan',
    [column('Angka', 30, 'text'), column('Nilai', 20, 'figure'), column('Satuan', 12, 'text')],
    [
      ['Lead', figures.leads.total, 'tiket'],
      ['Lead valid', figures.leads.valid, 'tiket'],
      ['Won', figures.leads.won, 'tiket'],
      ['Lost', figures.leads.lost, 'tiket'],
      ['Closing rate', figures.closing_rate, '%'],
      ['Pendapatan', figures.revenue, 'rupiah'],
      ['Selesai oleh bot', figures.bot_resolution_rate, '%'],
      ['Waktu siklus', figures.cycle_time_avg, 'hari'],
    ],
  );
}

const REASONS = Object.entries(REASON_NAMES) as [LostReason, string][];

const agents = (rows: readonly AgentLine[]): Sheet =>
  table(
    'Agen',
    [
      column('Agen', 26, 'text'),
      column('Divisi', 13, 'text'),
      column('Won', 9, 'count'),
      column('Lost', 9, 'count'),
      column('Closing rate', 11, 'percent'),
      column('Pendapatan', 20, 'rupiah'),
      column('Nilai transaksi rata-rata', 20, 'rupiah'),
      column('Diskon', 10, 'percent'),
      column('Waktu respons (menit)', 12, 'decimal'),
      column('Kepatuhan SLA', 12, 'percent'),
      column('Ketersediaan', 12, 'percent'),
      column('Tiket diam (sekarang)', 11, 'count'),
      ...REASONS.map(([, name]) => column(`Lost: ${name}`, 12, 'count')),
    ],
    rows.map((one) => [
      one.agent.name,
      DIVISION_NAMES[one.division],
      one.won,
      one.lost,
      one.closing_rate,
      one.revenue,
      one.deal_value_avg,
      one.discount_rate_pct,
      one.pickup_time_avg_min,
      one.sla_compliance_pct,
      one.availability_rate_pct,
      one.idle_ticket_count,
      ...REASONS.map(([reason]) => one.lost_reasons[reason]),
    ]),
  );

function* details(figures: DivisionFigures): Iterable<Sheet> {
  yield table(
    'Alasan Lost',
    [column('Alasan', 24, 'text'), column('Jumlah', 12, 'count')],
    REASONS.map(([reason, name]) => [name, figures.lost_reasons[reason]]),
  );
  yield table(
    'Rute',
    [column('Kota asal', 24, 'text'), column('Kota tujuan', 24, 'text'), column('Lead', 12, 'count')],
    figures.top_routes.map(({ origin, destination, count }) => [origin, destination, count]),
  );
  yield table(
    'Kanal',
    [
      column('Kanal', 16, 'text'),
      column('Lead', 12, 'count'),
      column('Won', 12, 'count'),
      column('Pendapatan', 20, 'rupiah'),
      column('Closing rate', 13, 'percent'),
    ],
    (Object.entries(CHANNEL_NAMES) as [keyof typeof CHANNEL_NAMES, string][]).map(([channel, name]) => {
      const { leads, won, revenue, closing_rate } = figures.roi_per_channel[channel];
      return [name, leads, won, revenue, closing_rate];
    }),
  );
  yield table(
    'Tren',
    [
      column('Bulan', 14, 'text'),
      column('Won', 12, 'count'),
      column('Lost', 12, 'count'),
      column('Closing rate', 13, 'percent'),
    ],
    figures.trend_3mo.map(({ month, won, lost, closing_rate }) => [
      monthText(month),
      won,
      lost,
      closing_rate,
    ]),
  );
  yield table(
    'Musim',
    [column('Bulan', 14, 'text'), column('Lead', 12, 'count')],
    figures.seasonal_curve.map(({ month, leads }) => [monthText(month), leads]),
  );
  yield table(
    'Blast',
    [
      column('Kategori', 14, 'text'),
      column('Terkirim', 12, 'count'),
      column('Membalas', 12, 'count'),
      column('Tingkat balasan', 13, 'percent'),
    ],
    Object.entries(figures.blast_effectiveness).map(([category, { sent, responded, response_rate_pct }]) => [
      category,
      sent,
      responded,
      response_rate_pct,
    ]),
  );
}

/** Within the snapshot of `context`. Reports progress as the rows read of those expected. */
export async function* sheetsOf(context: ExportContext): AsyncIterable<Sheet> {
  const { read, scope, wish, timezone, progress } = context;
  const query = figuresQuery(context);
  const figures = await context.divisionFigures(read, scope, query);
  const { total, won, lost } = figures.leads;
  let done = 0;
  const counted = (rows: number): void => {
    done += rows;
    progress(5 + (90 * done) / Math.max(1, 2 * total + won + lost));
  };
  const divisions = divisionsOf(wish);
  const rows = { divisions, from: wish.start, to: wish.end, timezone };
  yield cover(context);
  yield summary(figures);
  yield {
    kind: 'table',
    name: 'Lead',
    columns: LEAD_COLUMNS,
    rows: leadRows(read, scope, rows, counted),
  };
  yield {
    kind: 'table',
    name: 'Tiket dan CRM',
    columns: ticketColumns(divisions),
    rows: ticketRows(read, scope, rows, counted),
  };
  yield agents(await context.agentsTable(read, scope, query));
  yield* details(figures);
}
