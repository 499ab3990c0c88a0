import type { Channel, Division } from '../lib/api.ts';
import { CHANNEL } from '../lib/id.ts';
import { ChartCard } from '../ui/charts/chart-card.tsx';
import { asCount } from '../ui/charts/numbers.ts';
import { Plot } from '../ui/charts/plot.tsx';
import { colourAt } from '../ui/charts/series.ts';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import { fullMonth, shortMonth } from './periods.ts';
import { type DivisionFigures, useChannelMonths } from './queries.ts';

interface ChannelChartProps {
  readonly division: Division | 'all';
  /** The last one shown, `YYYY-MM`. */
  readonly month: string;
  readonly channels: DivisionFigures['roi_per_channel'];
}

/** Which channel brings closings, month by month; channels that never brought a lead are left out. */
export function ChannelChart({ division, month, channels }: ChannelChartProps) {
  const { months, isPending, error, refetch } = useChannelMonths(division, month);
  const used = (Object.keys(channels) as Channel[]).filter((one) =>
    months.some(({ channels: all }) => all[one].leads + all[one].won > 0),
  );
  return (
    <ChartCard
      title="ROI per channel"
      hint="Closing (Won) dari setiap channel, enam bulan terakhir."
      table={{
        name: 'ROI per channel',
        columns: [
          'Bulan',
          ...used.flatMap((one) => [`${CHANNEL[one]}: Won`, `${CHANNEL[one]}: nilai deal (Rp)`]),
        ],
        rows: months.map(({ month: name, channels: all }) => [
          fullMonth(name),
          ...used.flatMap((one) => [all[one].won, all[one].revenue]),
        ]),
      }}
      write={[undefined, ...used.flatMap(() => [asCount, asCount])]}
      empty={
        !isPending &&
        error === null &&
        months.every(({ channels: all }) => used.every((one) => all[one].won === 0)) &&
        'Belum ada closing dalam enam bulan terakhir.'
      }
    >
      {isPending ? (
        <Loading>
          <Skeleton className="h-[200px]" />
        </Loading>
      ) : error !== null ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <Plot
          label="Won per channel dan bulan"
          kind="lines"
          at={months.map(({ month: name }) => shortMonth(name))}
          atLong={months.map(({ month: name }) => fullMonth(name))}
          series={used.map((one, n) => ({
            name: CHANNEL[one],
            colour: colourAt(n),
            values: months.map(({ channels: all }) => all[one].won),
          }))}
          write={asCount}
          whole
        />
      )}
    </ChartCard>
  );
}
