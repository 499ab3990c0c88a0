/** The charts of a division (dashboard-prd 3.7, tab 1). Behind each stands its table. */
import type { Division } from '../lib/api.ts';
import { CHANNEL } from '../lib/id.ts';
import { Bars } from '../ui/charts/bars.tsx';
import { ChartCard } from '../ui/charts/chart-card.tsx';
import { asCount, asPercent, asRupiah, shareOf } from '../ui/charts/numbers.ts';
import { Plot } from '../ui/charts/plot.tsx';
import { dayKey, useNow } from '../lib/dates.ts';
import type { Colour } from '../ui/charts/series.ts';
import { ChannelChart } from './channel-chart.tsx';
import { type Days, fullDay, fullMonth, granularityFor, shortDay, shortMonth } from './periods.ts';
import type { DivisionFigures } from './queries.ts';
import { CATEGORIES } from './words.ts';
import { LostReasons } from './lost-reasons.tsx';

interface ChartsProps {
  readonly figures: DivisionFigures;
  readonly division: Division | 'all';
  readonly days: Days;
}

const STEP = { day: 'hari', week: 'minggu', month: 'bulan' } as const;
const HEAT: Record<(typeof CATEGORIES)[number], Colour> = {
  PANAS: 'danger',
  HANGAT: 'orange',
  DINGIN: 'blue',
};

/** Every chart that the period decides, and the two that always look back further. */
export function DivisionCharts({ figures, division, days }: ChartsProps) {
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Flow figures={figures} days={days} />
      <Trend figures={figures} />
      <Funnel figures={figures} />
      <div className="flex min-w-0 flex-col gap-4">
        <LostReasons reasons={figures.lost_reasons} />
        <BlastEffect figures={figures} />
      </div>
      <Routes figures={figures} />
      <ChannelChart division={division} month={days.end.slice(0, 7)} channels={figures.roi_per_channel} />
      <Season figures={figures} />
      <Channels figures={figures} />
    </div>
  );
}

function Flow({ figures, days }: { readonly figures: DivisionFigures; readonly days: Days }) {
  const series = figures.series ?? [];
  const today = dayKey(new Date(useNow()));
  if (series.length < 2) return null;
  const step = STEP[granularityFor(days)];
  /** What has not come yet is not nothing: the line ends today. */
  const soFar = (valueOf: (one: (typeof series)[number]) => number): (number | null)[] =>
    series.map((one) => (one.start > today ? null : valueOf(one)));
  const long = series.map(({ start, end }) =>
    start === end ? fullDay(start) : `${shortDay(start)} – ${fullDay(end)}`,
  );
  return (
    <ChartCard
      className="lg:col-span-2"
      title={`Lead per ${step}`}
      hint="Lead masuk, yang menjadi Won, dan yang menjadi Lost."
      table={{
        name: `Lead per ${step}`,
        columns: ['Periode', 'Lead masuk', 'Valid', 'Won', 'Lost', 'Closing rate (%)'],
        rows: series.map(({ leads, closing_rate }, n) => [
          long[n] ?? '',
          leads.total,
          leads.valid,
          leads.won,
          leads.lost,
          closing_rate,
        ]),
      }}
      empty={
        series.every(({ leads }) => leads.total + leads.won + leads.lost === 0) &&
        'Tidak ada lead di periode ini.'
      }
    >
      <Plot
        label={`Lead per ${step}`}
        kind="lines"
        at={series.map(({ start }) => shortDay(start))}
        atLong={long}
        series={[
          { name: 'Lead masuk', colour: 'blue', values: soFar(({ leads }) => leads.total) },
          { name: 'Won', colour: 'good', values: soFar(({ leads }) => leads.won) },
          { name: 'Lost', colour: 'danger', values: soFar(({ leads }) => leads.lost) },
        ]}
        write={asCount}
        whole
      />
    </ChartCard>
  );
}

function Trend({ figures }: { readonly figures: DivisionFigures }) {
  const { trend_3mo: trend } = figures;
  return (
    <ChartCard
      title="Tren closing rate"
      hint="Tiga bulan terakhir."
      table={{
        name: 'Tren closing rate',
        columns: ['Bulan', 'Closing rate (%)', 'Won', 'Lost'],
        rows: trend.map(({ month, closing_rate, won, lost }) => [fullMonth(month), closing_rate, won, lost]),
      }}
      write={[undefined, asPercent]}
      empty={
        trend.every(({ closing_rate }) => closing_rate === null) &&
        'Belum ada lead yang selesai dalam tiga bulan ini.'
      }
    >
      <Plot
        label="Closing rate per bulan"
        kind="lines"
        at={trend.map(({ month }) => shortMonth(month))}
        atLong={trend.map(({ month }) => fullMonth(month))}
        series={[
          { name: 'Closing rate', colour: 'accent', values: trend.map(({ closing_rate }) => closing_rate) },
        ]}
        write={asPercent}
      />
    </ChartCard>
  );
}

function Funnel({ figures: { leads } }: { readonly figures: DivisionFigures }) {
  const steps = [
    { name: 'Lead masuk', value: leads.total, colour: 'blue' },
    { name: 'Valid (Qualified atau lebih)', value: leads.valid, colour: 'accent' },
    { name: 'Won', value: leads.won, colour: 'good' },
    { name: 'Lost', value: leads.lost, colour: 'danger' },
  ] as const;
  return (
    <ChartCard
      title="Corong lead"
      hint="Won dan Lost dihitung pada hari keputusan, juga untuk lead dari periode sebelumnya."
      table={{
        name: 'Corong lead',
        columns: ['Langkah', 'Jumlah', 'Dari lead masuk (%)'],
        rows: steps.map(({ name, value }) => [name, value, shareOf(value, leads.total)]),
      }}
      write={[undefined, asCount, asPercent]}
      empty={leads.total + leads.won + leads.lost === 0 && 'Tidak ada lead di periode ini.'}
    >
      <Bars
        bars={steps.map(({ name, value, colour }) => ({
          name,
          value,
          colour,
          text: asCount(value),
          beside: asPercent(shareOf(value, leads.total)),
        }))}
      />
    </ChartCard>
  );
}

function Routes({ figures: { top_routes: routes } }: { readonly figures: DivisionFigures }) {
  return (
    <ChartCard
      title="Rute teratas"
      hint="Sepuluh rute dengan lead terbanyak."
      table={{
        name: 'Rute teratas',
        columns: ['Asal', 'Tujuan', 'Lead'],
        rows: routes.map(({ origin, destination, count }) => [origin, destination, count]),
      }}
      empty={routes.length === 0 && 'Belum ada lead dengan kota asal dan tujuan di periode ini.'}
    >
      <Bars
        bars={routes.map(({ origin, destination, count }) => ({
          name: `${origin} → ${destination}`,
          value: count,
          text: asCount(count),
        }))}
      />
    </ChartCard>
  );
}

function Season({ figures: { seasonal_curve: curve } }: { readonly figures: DivisionFigures }) {
  return (
    <ChartCard
      title="Kurva musiman"
      hint="Lead masuk per bulan, dua belas bulan terakhir."
      table={{
        name: 'Kurva musiman',
        columns: ['Bulan', 'Lead masuk'],
        rows: curve.map(({ month, leads }) => [fullMonth(month), leads]),
      }}
      write={[undefined, asCount]}
      empty={curve.every(({ leads }) => leads === 0) && 'Belum ada lead dalam dua belas bulan terakhir.'}
    >
      <Plot
        label="Lead masuk per bulan"
        kind="columns"
        at={curve.map(({ month }) => shortMonth(month))}
        atLong={curve.map(({ month }) => fullMonth(month))}
        series={[{ name: 'Lead masuk', colour: 'accent', values: curve.map(({ leads }) => leads) }]}
        write={asCount}
        whole
      />
    </ChartCard>
  );
}

function BlastEffect({ figures: { blast_effectiveness: effect } }: { readonly figures: DivisionFigures }) {
  const rows = CATEGORIES.map((name) => ({ name, ...effect[name] }));
  return (
    <ChartCard
      className="flex-1"
      title="Efektivitas blast"
      hint="Berapa persen penerima yang membalas dalam 72 jam, per kategori."
      table={{
        name: 'Efektivitas blast',
        columns: ['Kategori', 'Terkirim', 'Merespons', 'Response rate (%)'],
        rows: rows.map(({ name, sent, responded, response_rate_pct }) => [
          name,
          sent,
          responded,
          response_rate_pct,
        ]),
      }}
      write={[undefined, asCount, asCount, asPercent]}
      empty={rows.every(({ sent }) => sent === 0) && 'Tidak ada blast yang terkirim di periode ini.'}
    >
      <Bars
        most={100}
        bars={rows.map(({ name, sent, responded, response_rate_pct }) => ({
          name,
          value: response_rate_pct ?? 0,
          colour: HEAT[name],
          text: asPercent(response_rate_pct),
          beside: `${asCount(responded)} dari ${asCount(sent)}`,
        }))}
      />
    </ChartCard>
  );
}

function Channels({ figures: { roi_per_channel: channels } }: { readonly figures: DivisionFigures }) {
  const rows = Object.entries(channels)
    .map(([channel, numbers]) => ({ name: CHANNEL[channel as keyof typeof CHANNEL], ...numbers }))
    .filter(({ leads, won }) => leads + won > 0)
    .sort((a, b) => b.won - a.won || b.leads - a.leads);
  return (
    <ChartCard
      className="lg:col-span-2"
      title="Hasil per channel"
      hint="Nilai deal yang dihasilkan setiap channel di periode ini."
      table={{
        name: 'Hasil per channel',
        columns: ['Channel', 'Lead', 'Won', 'Closing rate (%)', 'Nilai deal (Rp)'],
        rows: rows.map(({ name, leads, won, closing_rate, revenue }) => [
          name,
          leads,
          won,
          closing_rate,
          revenue,
        ]),
      }}
      write={[undefined, asCount, asCount, asPercent, asRupiah]}
      empty={rows.length === 0 && 'Tidak ada lead di periode ini.'}
    >
      <Bars
        bars={rows.map(({ name, leads, won, closing_rate, revenue }) => ({
          name,
          value: revenue,
          text: asRupiah(revenue),
          beside: `${asCount(won)} Won dari ${asCount(leads)} lead · ${asPercent(closing_rate)}`,
        }))}
      />
    </ChartCard>
  );
}
