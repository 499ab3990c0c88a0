import { ChartCard } from '../ui/charts/chart-card.tsx';
import { Donut } from '../ui/charts/donut.tsx';
import { asCount, asPercent, shareOf } from '../ui/charts/numbers.ts';
import type { DivisionFigures } from './queries.ts';
import { LOST_REASON, type LostReason } from './words.ts';

/** Why customers were lost, the most frequent first. */
export function LostReasons({ reasons }: { readonly reasons: DivisionFigures['lost_reasons'] }) {
  const parts = (Object.keys(LOST_REASON) as LostReason[])
    .map((reason) => ({ name: LOST_REASON[reason], count: reasons[reason] }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const sum = parts.reduce((total, { count }) => total + count, 0);
  return (
    <ChartCard
      title="Alasan Lost"
      table={{
        name: 'Alasan Lost',
        columns: ['Alasan', 'Jumlah', 'Bagian (%)'],
        rows: parts.map(({ name, count }) => [name, count, shareOf(count, sum)]),
      }}
      write={[undefined, asCount, asPercent]}
      empty={sum === 0 && 'Tidak ada lead yang Lost di periode ini.'}
    >
      <Donut
        label={`Alasan Lost: ${parts.map(({ name, count }) => `${name} ${String(count)}`).join(', ')}`}
        parts={parts}
        middle="Lost"
      />
    </ChartCard>
  );
}
