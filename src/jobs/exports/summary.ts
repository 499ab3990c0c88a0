/** The PDF of a division: what came in, what was won and lost, and where it came from. */
import { previousOf } from '../../domain/time/period.ts';
import type { Document, Section } from '../../ports.ts';
import type { DivisionFigures, LostReason } from '../../projections/analytics/figures.ts';
import { CHANNEL_NAMES, DIVISION_NAMES, REASON_NAMES } from '../../projections/exports/rows/labels.ts';
import { figuresQuery, type ExportContext } from './export-context.ts';
import {
  BEHIND,
  count,
  days,
  DEFINITIONS,
  monthText,
  NONE_MEANS,
  formatPercent,
  periodText,
  formatRupiah,
} from './formatting.ts';

export const coverOf = ({ wish, requester, builtAt, behind }: ExportContext): readonly string[] => [
  `Divisi: ${DIVISION_NAMES[wish.division]}   |   Periode: ${periodText(wish)}`,
  `Diminta oleh ${requester}, dibuat ${builtAt}`,
  ...(behind ? [BEHIND] : []),
];
export const footerOf = (title: string, { wish }: ExportContext): string =>
  `${title} – ${DIVISION_NAMES[wish.division]} – ${periodText(wish)} – rahasia`;

type Trend = DivisionFigures['trend_3mo'];
export const trendChart = (trend: Trend) => ({
  kind: 'trend' as const,
  labels: trend.map(({ month }) => monthText(month)),
  bars: [
    { name: 'Won', values: trend.map(({ won }) => won) },
    { name: 'Lost', values: trend.map(({ lost }) => lost) },
  ],
  line: { name: 'Closing rate', percents: trend.map(({ closing_rate }) => closing_rate) },
});

export const reasonsSection = (reasons: DivisionFigures['lost_reasons']): Section => {
  const points = (Object.entries(REASON_NAMES) as [LostReason, string][])
    .map(([reason, label]) => ({ label, value: reasons[reason], text: count(reasons[reason]) }))
    .sort((a, b) => b.value - a.value);
  return { kind: 'chart', title: 'Alasan Lost', chart: { kind: 'ranking', points } };
};

const figureCards = (now: DivisionFigures, before: DivisionFigures): Section => {
  const card = (label: string, value: string, earlier: string) => ({
    label,
    value,
    note: `Sebelumnya: ${earlier}`,
  });
  return {
    kind: 'figures',
    title: 'Ringkasan',
    figures: [
      card('Lead', count(now.leads.total), count(before.leads.total)),
      card('Lead valid', count(now.leads.valid), count(before.leads.valid)),
      card('Won', count(now.leads.won), count(before.leads.won)),
      card('Lost', count(now.leads.lost), count(before.leads.lost)),
      card('Closing rate', formatPercent(now.closing_rate), formatPercent(before.closing_rate)),
      card('Pendapatan', formatRupiah(now.revenue), formatRupiah(before.revenue)),
      card(
        'Selesai oleh bot',
        formatPercent(now.bot_resolution_rate),
        formatPercent(before.bot_resolution_rate),
      ),
      card('Waktu siklus', days(now.cycle_time_avg), days(before.cycle_time_avg)),
    ],
  };
};

function channels({ roi_per_channel }: DivisionFigures): readonly Section[] {
  const all = (Object.entries(CHANNEL_NAMES) as [keyof typeof CHANNEL_NAMES, string][]).map(
    ([key, label]) => ({
      label,
      ...roi_per_channel[key],
    }),
  );
  const points = all.map(({ label, leads }) => ({ label, value: leads, text: count(leads) }));
  return [
    { kind: 'chart', title: 'Lead per kanal', chart: { kind: 'ranking', points } },
    {
      kind: 'table',
      title: 'Hasil per kanal',
      table: {
        headings: ['Kanal', 'Lead', 'Won', 'Closing rate', 'Pendapatan'],
        widths: [3, 2, 2, 2, 4],
        numeric: [false, true, true, true, true],
        rows: all.map(({ label, leads, won, closing_rate, revenue }) => [
          label,
          count(leads),
          count(won),
          formatPercent(closing_rate),
          formatRupiah(revenue),
        ]),
      },
    },
  ];
}

function routes({ top_routes }: DivisionFigures): Section {
  if (top_routes.length === 0)
    return {
      kind: 'words',
      title: 'Rute terbanyak',
      lines: [['Belum ada', 'tidak ada lead dengan kota asal dan tujuan.']],
    };
  const points = top_routes.map(({ origin, destination, count: value }) => ({
    label: `${origin} – ${destination}`,
    value,
    text: count(value),
  }));
  return { kind: 'chart', title: 'Rute terbanyak', chart: { kind: 'ranking', points } };
}

/** Within the snapshot of `context`. @throws StoreUnavailable */
export async function summaryDocument(context: ExportContext): Promise<Document> {
  const { read, scope, divisionFigures } = context;
  const query = figuresQuery(context);
  const now = await divisionFigures(read, scope, query);
  const before = await divisionFigures(read, scope, { ...query, period: previousOf(query.period) });
  const title = 'Ringkasan Divisi';
  const { leads, valid, won, closing, revenue, bot, cycle, blast } = DEFINITIONS;
  return {
    title,
    cover: coverOf(context),
    footer: footerOf(title, context),
    landscape: false,
    sections: [
      figureCards(now, before),
      { kind: 'chart', title: 'Tren tiga bulan', chart: trendChart(now.trend_3mo) },
      reasonsSection(now.lost_reasons),
      ...channels(now),
      routes(now),
      {
        kind: 'chart',
        title: 'Lead per bulan, dua belas bulan',
        chart: {
          kind: 'columns',
          points: now.seasonal_curve.map(({ month, leads: value }) => ({
            label: monthText(month),
            value,
            text: count(value),
          })),
        },
      },
      {
        kind: 'table',
        title: 'Efektivitas blast',
        table: {
          headings: ['Kategori', 'Terkirim', 'Membalas', 'Tingkat balasan'],
          widths: [3, 2, 2, 2],
          numeric: [false, true, true, true],
          rows: Object.entries(now.blast_effectiveness).map(([category, effect]) => [
            category,
            count(effect.sent),
            count(effect.responded),
            formatPercent(effect.response_rate_pct),
          ]),
        },
      },
      {
        kind: 'words',
        title: 'Definisi',
        lines: [leads, valid, won, closing, revenue, bot, cycle, blast, NONE_MEANS],
      },
    ],
  };
}
