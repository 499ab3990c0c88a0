/** The PDF about agents: who won what, how quickly they answered, and what was lost. */
import type { Document } from '../../ports.ts';
import type { LostReason } from '../../projections/analytics/figures.ts';
import { DIVISION_NAMES, REASON_NAMES } from '../../projections/exports/rows/labels.ts';
import { figuresQuery, type ExportContext } from './export-context.ts';
import { coverOf, footerOf, reasonsSection, trendChart } from './summary.ts';
import {
  count,
  DEFINITIONS,
  minutes,
  NONE_MEANS,
  formatPercent,
  formatRupiah,
  slaDefinition,
} from './formatting.ts';

/** With more bars nobody can read the chart; the table has all agents. */
const MOST_BARS = 15;
const REASONS = Object.entries(REASON_NAMES) as [LostReason, string][];

/** Within the snapshot of `context`. @throws StoreUnavailable */
export async function performanceDocument(context: ExportContext): Promise<Document> {
  const { read, scope, divisionFigures, agentsTable, slaMinutes } = context;
  const query = figuresQuery(context);
  const figures = await divisionFigures(read, scope, query);
  const agents = await agentsTable(read, scope, query);
  const title = 'Kinerja Agen';
  const best = [...agents].sort((a, b) => b.revenue - a.revenue).slice(0, MOST_BARS);
  const { won, closing, revenue, pickup, availability, discount, agent } = DEFINITIONS;
  return {
    title,
    cover: coverOf(context),
    footer: footerOf(title, context),
    landscape: true,
    sections: [
      {
        kind: 'table',
        title: 'Semua agen',
        table: {
          headings: [
            'Agen',
            'Divisi',
            'Won',
            'Lost',
            'Closing rate',
            'Pendapatan',
            'Transaksi rata-rata',
            'Diskon',
            'Waktu respons',
            'Kepatuhan SLA',
            'Ketersediaan',
            'Tiket diam',
          ],
          widths: [13, 8, 5, 5, 7, 13, 12, 6, 9, 8, 9, 6],
          numeric: [false, false, ...Array.from({ length: 10 }, () => true)],
          rows: agents.map((one) => [
            one.agent.name,
            DIVISION_NAMES[one.division],
            count(one.won),
            count(one.lost),
            formatPercent(one.closing_rate),
            formatRupiah(one.revenue),
            formatRupiah(one.deal_value_avg),
            formatPercent(one.discount_rate_pct),
            minutes(one.pickup_time_avg_min),
            formatPercent(one.sla_compliance_pct),
            formatPercent(one.availability_rate_pct),
            count(one.idle_ticket_count),
          ]),
        },
      },
      {
        kind: 'chart',
        title:
          agents.length > MOST_BARS ? `Pendapatan, ${String(MOST_BARS)} agen teratas` : 'Pendapatan per agen',
        chart: {
          kind: 'ranking',
          points: best.map((one) => ({
            label: one.agent.name,
            value: one.revenue,
            text: formatRupiah(one.revenue),
          })),
        },
      },
      { kind: 'chart', title: 'Tren tiga bulan', chart: trendChart(figures.trend_3mo) },
      reasonsSection(figures.lost_reasons),
      {
        kind: 'table',
        title: 'Alasan Lost per agen',
        table: {
          headings: ['Agen', ...REASONS.map(([, name]) => name)],
          widths: [18, ...REASONS.map(() => 10)],
          numeric: [false, ...REASONS.map(() => true)],
          rows: agents.map((one) => [
            one.agent.name,
            ...REASONS.map(([reason]) => count(one.lost_reasons[reason])),
          ]),
        },
      },
      {
        kind: 'words',
        title: 'Definisi',
        lines: [
          won,
          closing,
          revenue,
          pickup,
          slaDefinition(slaMinutes),
          availability,
          discount,
          agent,
          NONE_MEANS,
        ],
      },
    ],
  };
}
