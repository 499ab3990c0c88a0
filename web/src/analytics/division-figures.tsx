import { useWide } from '../lib/width.ts';
import { asCount, asDays, asPercent, asRupiah, asShortRupiah, shareOf } from '../ui/charts/numbers.ts';
import { Figure } from './figure.tsx';
import { nameOf } from './periods.ts';
import type { DivisionFigures as Figures } from './queries.ts';

/** The numbers of a division, each beside what it was before (dashboard-prd 3.7, tab 1). */
export function DivisionFigures({ figures }: { readonly figures: Figures }) {
  const { leads, previous } = figures;
  const isWide = useWide(640);
  const ofTotal = (count: number): string => `${asPercent(shareOf(count, leads.total))} dari lead`;
  return (
    <section aria-label="Angka utama">
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure
          name="Closing rate"
          value={figures.closing_rate}
          before={previous.closing_rate}
          write={asPercent}
          points
        />
        <Figure name="Lead masuk" value={leads.total} before={previous.leads.total} write={asCount} />
        <Figure
          name="Lead valid"
          value={leads.valid}
          before={previous.leads.valid}
          write={asCount}
          beside={ofTotal(leads.valid)}
        />
        <Figure
          name="Nilai deal"
          value={figures.revenue}
          before={previous.revenue}
          write={isWide && figures.revenue < 1e10 ? asRupiah : asShortRupiah}
        />
        <Figure
          name="Won"
          value={leads.won}
          before={previous.leads.won}
          write={asCount}
          beside={ofTotal(leads.won)}
        />
        <Figure
          name="Lost"
          value={leads.lost}
          before={previous.leads.lost}
          write={asCount}
          good="down"
          beside={ofTotal(leads.lost)}
        />
        <Figure
          name="Selesai oleh bot"
          value={figures.bot_resolution_rate}
          before={previous.bot_resolution_rate}
          write={asPercent}
          points
        />
        <Figure
          name="Rata-rata cycle time"
          value={figures.cycle_time_avg}
          before={previous.cycle_time_avg}
          write={asDays}
          good="down"
        />
      </dl>
      <p className="mt-2 text-[12px] text-faint">Dibandingkan dengan {nameOf(previous.period)}.</p>
    </section>
  );
}
