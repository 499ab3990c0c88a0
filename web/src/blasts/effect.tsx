import { CATEGORY_NAME } from '../follow-ups/words.ts';
import { Bars } from '../ui/charts/bars.tsx';
import { ChartCard } from '../ui/charts/chart-card.tsx';
import { asCount, asPercent } from '../ui/charts/numbers.ts';
import type { Colour } from '../ui/charts/series.ts';
import type { BlastStatus } from './queries.ts';

const COLOUR: Record<keyof BlastStatus['per_category'], Colour> = {
  PANAS: 'danger',
  HANGAT: 'orange',
  DINGIN: 'blue',
  NONE: 'line-strong',
};
const ORDER = ['PANAS', 'HANGAT', 'DINGIN', 'NONE'] as const;

/** How many answered, by how hot they were when the blast was made. */
export function Effect({ status, name }: { readonly status: BlastStatus; readonly name: string }) {
  const rows = ORDER.map((category) => ({ category, ...status.per_category[category] })).filter(
    ({ recipients }) => recipients > 0,
  );
  return (
    <ChartCard
      title="Efektivitas"
      {...(status.total_sent === 0
        ? {}
        : { hint: `${asPercent(status.response_rate_pct)} dari yang terkirim sudah merespons.` })}
      table={{
        name: `Efektivitas blast ${name}`,
        columns: ['Kategori', 'Penerima', 'Terkirim', 'Merespons', 'Response rate (%)'],
        rows: rows.map(({ category, recipients, sent, responded, response_rate_pct }) => [
          CATEGORY_NAME[category],
          recipients,
          sent,
          responded,
          response_rate_pct,
        ]),
      }}
      write={[undefined, asCount, asCount, asCount, asPercent]}
      empty={status.total_sent === 0 && 'Belum ada pesan yang terkirim.'}
    >
      <Bars
        most={100}
        bars={rows.map(({ category, sent, responded, response_rate_pct }) => ({
          name: CATEGORY_NAME[category],
          value: response_rate_pct,
          colour: COLOUR[category],
          text: asPercent(response_rate_pct),
          beside: `${asCount(responded)} dari ${asCount(sent)}`,
        }))}
      />
    </ChartCard>
  );
}
