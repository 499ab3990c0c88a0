/** What customers say of visits: the averages of each technician, and every rating. Who rated is not said. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Star } from 'lucide-react';
import { Filters } from '../analytics/filters.tsx';
import { daysOf, figuresSearch, type FiguresSearch } from '../analytics/periods.ts';
import { seesAll } from '../follow-ups/queries.ts';
import type { Division } from '../lib/api.ts';
import { without } from '../lib/collections.ts';
import { dayKey, momentOf } from '../lib/dates.ts';
import { DIVISION } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/classes.ts';
import { Page } from '../ui/page.tsx';
import { Guarded, MoreRows, Rows, Waiting } from '../ui/parts.tsx';
import { Empty, Failed } from '../ui/states.tsx';
import { type JobRating, type RatingsSearch, type TechnicianRatings, useRatings } from './queries.ts';
import { Stars } from './stars.tsx';

const here = getRouteApi('/inside/ratings');
const TITLE = 'Penilaian';
const DIVISIONS: readonly Division[] = ['sari', 'savi', 'safia'];
const UUID = /^[0-9a-f-]{36}$/i;

/** `4,5` */
const averageOf = (average: number | null): string =>
  average === null ? '–' : average.toFixed(1).replace('.', ',');

export function RatingsPage() {
  return (
    <Guarded title={TITLE} needs={['rating_read']}>
      <Page title={TITLE}>
        <Ratings />
      </Page>
    </Guarded>
  );
}

function Ratings() {
  const me = useMe();
  const navigate = useNavigate();
  const asked = here.useSearch();
  const search = figuresSearch({ ...asked });
  const days = daysOf(search, dayKey(new Date()));
  const technician = UUID.test(asked.technician ?? '') ? asked.technician : undefined;
  const list = useRatings(days, {
    ...(technician === undefined ? {} : { technician }),
    ...(search.division === undefined ? {} : { division: search.division }),
  });
  const go = (next: RatingsSearch): void => void navigate({ to: '/ratings', search: next, replace: true });
  const only = (of: string | undefined, next: FiguresSearch = search): void =>
    go(of === undefined ? next : { ...next, technician: of });
  const ratings = list.data?.pages.flatMap((page) => page.ratings) ?? [];
  const technicians = list.data?.pages[0]?.technicians ?? [];
  return (
    <>
      <Filters
        search={search}
        days={days}
        divisions={seesAll(me) ? DIVISIONS : []}
        onChange={(next) => only(technician, without(next, 'level'))}
      />
      {technician !== undefined && (
        <Button className="self-start" onClick={() => only(undefined)}>
          Semua teknisi
        </Button>
      )}
      {list.isPending ? (
        <Waiting rows={6} />
      ) : list.isError && ratings.length === 0 ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : technicians.length === 0 ? (
        <Empty
          icon={<Star className="size-6" />}
          title="Belum ada penilaian"
          hint="Pelanggan diminta menilai setelah laporan kunjungan diterima. Pilih periode lain untuk melihat yang lalu."
        />
      ) : (
        <>
          <Technicians
            all={technicians}
            chosen={technician}
            onChoose={(id) => only(id === technician ? undefined : id)}
          />
          <h2 className="mt-2 -mb-1 font-semibold">Komentar dan nilai</h2>
          {ratings.length === 0 ? (
            <p className="text-soft">Belum ada yang menilai dalam periode ini.</p>
          ) : (
            <Rows>
              {ratings.map((rating) => (
                <RatingRow key={rating.job_id} rating={rating} />
              ))}
            </Rows>
          )}
          <MoreRows list={list} />
        </>
      )}
    </>
  );
}

function Technicians({
  all,
  chosen,
  onChoose,
}: {
  readonly all: readonly TechnicianRatings[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}) {
  return (
    <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      {all.map(({ technician, service, asked, rated }) => (
        <li key={technician.id}>
          <button
            type="button"
            aria-pressed={technician.id === chosen}
            onClick={() => onChoose(technician.id)}
            className={cx(
              'flex w-full items-center gap-3 rounded-2xl border bg-surface p-4 text-left transition-colors hover:bg-hover',
              technician.id === chosen ? 'border-accent' : 'border-line',
            )}
          >
            <Avatar name={technician.name} />
            <span className="min-w-0 flex-1">
              <span className="block truncate font-semibold">{technician.name}</span>
              <span className="block text-[13px] text-faint">
                {rated} dari {asked} pelanggan menilai
              </span>
              <span className="block text-[13px] text-soft">Pelayanan {averageOf(service)}</span>
            </span>
            <span className="flex items-center gap-1 text-xl font-semibold tabular-nums">
              <Star className="size-5 fill-yellow text-yellow" aria-hidden="true" />
              <span className="sr-only">Nilai teknisi </span>
              {averageOf(technician.average)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function RatingRow({ rating }: { readonly rating: JobRating }) {
  return (
    <li className="flex flex-col gap-1 px-4 py-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-semibold">{rating.technician.name}</span>
        <Badge tone="grey">{DIVISION[rating.division]}</Badge>
        {rating.by_technician && <Badge tone="red">Dari perangkat teknisi, tidak dihitung</Badge>}
        <time dateTime={rating.rated_at} className="text-[13px] text-faint">
          {momentOf(rating.rated_at)}
        </time>
      </p>
      <p className="flex flex-wrap gap-x-5 gap-y-1">
        <Stars label="Teknisi" value={rating.technician.stars} />
        <Stars label="Pelayanan" value={rating.service} />
      </p>
      {rating.comment !== null && <p className="break-words whitespace-pre-wrap">“{rating.comment}”</p>}
    </li>
  );
}
