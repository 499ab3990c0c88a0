/** How the visits went, over a period of one's own (docs/design/field-service.md#visit-figures). */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Figure } from '../../analytics/figure.tsx';
import { Filters } from '../../analytics/filters.tsx';
import {
  type Days,
  daysOf,
  figuresSearch,
  fullDay,
  nameOf,
  shortDay,
  stepped,
} from '../../analytics/periods.ts';
import { seesAll } from '../../follow-ups/queries.ts';
import { api, dataOf, type Division } from '../../lib/api.ts';
import { dayKey } from '../../lib/dates.ts';
import { keys } from '../../lib/keys.ts';
import { useMe } from '../../lib/me.ts';
import { ChartCard } from '../../ui/charts/chart-card.tsx';
import { asCount, asMinutes, asPercent } from '../../ui/charts/numbers.ts';
import { Plot } from '../../ui/charts/plot.tsx';
import { Page } from '../../ui/page.tsx';
import { Answer, Guarded } from '../../ui/parts.tsx';
import { FieldPlaces } from './field-places.tsx';
import { DIVISIONS } from './words.ts';

const TITLE = 'Angka kunjungan';

const useFigures = ({ start: from, end: to }: Days, division: Division | undefined) =>
  useQuery({
    queryKey: [...keys.jobs, 'figures', from, to, division ?? 'all'],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/analytics/field-service', {
          params: { query: { from, to, ...(division === undefined ? {} : { division }) } },
          signal,
        }),
      ),
    placeholderData: (before) => before,
  });
type Figures = NonNullable<ReturnType<typeof useFigures>['data']>;

export function FieldFiguresPage() {
  return (
    <Guarded title={TITLE} needs={['job_read']}>
      <Page title={TITLE} actions={<FieldPlaces here="/jobs/figures" />}>
        <Period />
      </Page>
    </Guarded>
  );
}

function Period() {
  const me = useMe();
  const navigate = useNavigate();
  const search = figuresSearch(useSearch({ strict: false }));
  const today = dayKey(new Date());
  const days = daysOf(search, today);
  const before = daysOf(stepped(search, today, -1), today);
  const query = useFigures(days, search.division);
  const earlier = useFigures(before, search.division);
  return (
    <>
      <Filters
        search={search}
        days={days}
        divisions={seesAll(me) ? DIVISIONS : []}
        onChange={(next) => void navigate({ to: '/jobs/figures', search: next, replace: true })}
      />
      <Answer query={query}>
        {(now) => (
          <>
            <Numbers now={now} earlier={earlier.data} before={before} />
            <ByDay now={now} />
          </>
        )}
      </Answer>
    </>
  );
}

function Numbers({
  now: { figures },
  earlier,
  before,
}: {
  readonly now: Figures;
  readonly earlier: Figures | undefined;
  readonly before: Days;
}) {
  const old = earlier?.figures;
  return (
    <section aria-label="Angka utama">
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure name="Kunjungan" value={figures.jobs} before={old?.jobs ?? null} write={asCount} />
        <Figure name="Selesai" value={figures.completed} before={old?.completed ?? null} write={asCount} />
        <Figure
          name="Dibatalkan"
          value={figures.cancelled}
          before={old?.cancelled ?? null}
          write={asCount}
          good="down"
        />
        <Figure
          name="Teknisi tidak datang"
          value={figures.no_shows}
          before={old?.no_shows ?? null}
          write={asCount}
          good="down"
          alarm={figures.no_shows > 0}
        />
        <Figure
          name="Tepat waktu"
          value={figures.on_time_pct}
          before={old?.on_time_pct ?? null}
          write={asPercent}
          points
          beside={`dari ${asCount(figures.arrived)} yang datang`}
        />
        <Figure
          name="Beres sekali datang"
          value={figures.first_visit_pct}
          before={old?.first_visit_pct ?? null}
          write={asPercent}
          points
        />
        <Figure
          name="Sampai ada teknisi"
          value={figures.median_minutes_to_take}
          before={old?.median_minutes_to_take ?? null}
          write={asMinutes}
          good="down"
          beside="median"
        />
      </dl>
      <p className="mt-2 text-[12px] text-faint">Dibandingkan dengan {nameOf(before)}.</p>
    </section>
  );
}

function ByDay({ now: { days } }: { readonly now: Figures }) {
  return (
    <ChartCard
      title="Kunjungan per hari"
      hint="Hari yang ada kunjungannya, menurut jadwalnya."
      table={{
        name: 'Kunjungan per hari',
        columns: ['Hari', 'Kunjungan', 'Selesai'],
        rows: days.map(({ day, jobs, completed }) => [fullDay(day), jobs, completed]),
      }}
      empty={days.length === 0 && 'Tidak ada kunjungan di periode ini.'}
    >
      <Plot
        label="Kunjungan per hari"
        kind="columns"
        at={days.map(({ day }) => shortDay(day))}
        atLong={days.map(({ day }) => fullDay(day))}
        series={[
          { name: 'Kunjungan', colour: 'blue', values: days.map(({ jobs }) => jobs) },
          { name: 'Selesai', colour: 'good', values: days.map(({ completed }) => completed) },
        ]}
        write={asCount}
        whole
      />
    </ChartCard>
  );
}
