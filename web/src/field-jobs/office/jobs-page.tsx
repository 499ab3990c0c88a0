/** The dispatch board: the visits of a day, by how far they are (docs/design/dashboard.md#dispatch). */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { CalendarOff, ChevronLeft, ChevronRight, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { CapacityBars } from '../../capacity/capacity-bars.tsx';
import { ExportButton } from '../../exports/export-button.tsx';
import { seesAll } from '../../follow-ups/queries.ts';
import type { Division } from '../../lib/api.ts';
import { dayKey } from '../../lib/dates.ts';
import { DIVISION } from '../../lib/id.ts';
import { useMay, useMe } from '../../lib/me.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { inputClass, SelectField } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { Guarded, MoreRows } from '../../ui/parts.tsx';
import { Empty, Failed, Loading, Skeleton } from '../../ui/states.tsx';
import { Board } from './board.tsx';
import { FieldPlaces } from './field-places.tsx';
import { useJobs } from './queries.ts';
import { dayAfter, DIVISIONS, isDay, longDay } from './words.ts';

const NewJobDialog = lazy(async () => ({
  default: (await import('../opening/new-job-dialog.tsx')).NewJobDialog,
}));

const TITLE = 'Pekerjaan';

export function JobsPage() {
  const [isOpening, setOpening] = useState(false);
  const mayOpen = useMay('job_create');
  const { day, division } = useSearch({ from: '/inside/jobs' });
  return (
    <Guarded title={TITLE} needs={['job_read']}>
      <Page
        title={TITLE}
        actions={
          <>
            <FieldPlaces here="/jobs" />
            <ExportButton type="jobs" division={division} day={isDay(day) ? day : dayKey(new Date())} />
            {mayOpen && (
              <Button
                look="primary"
                className="max-sm:w-full"
                icon={<Plus className="size-4" aria-hidden="true" />}
                onClick={() => setOpening(true)}
              >
                Pekerjaan baru
              </Button>
            )}
          </>
        }
      >
        <Day />
      </Page>
      <Suspense>
        {isOpening && <NewJobDialog day={isDay(day) ? day : undefined} onClose={() => setOpening(false)} />}
      </Suspense>
    </Guarded>
  );
}

function Day() {
  const me = useMe();
  const navigate = useNavigate();
  const search = useSearch({ from: '/inside/jobs' });
  const today = dayKey(new Date());
  const day = isDay(search.day) ? search.day : today;
  const division = DIVISIONS.find((one) => one === search.division);
  const list = useJobs({ day, ...(division === undefined ? {} : { division }), limit: 200 });
  const go = (to: string, of: Division | undefined): void =>
    void navigate({
      to: '/jobs',
      search: { ...(to === today ? {} : { day: to }), ...(of === undefined ? {} : { division: of }) },
      replace: true,
    });
  const jobs = list.data?.pages.flatMap((page) => page.jobs) ?? [];
  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <div className="flex h-10 w-full items-center gap-1 rounded-lg border border-line bg-surface max-md:h-11 sm:w-auto">
          <IconButton label="Hari sebelumnya" onClick={() => go(dayAfter(day, -1), division)}>
            <ChevronLeft className="size-[18px]" aria-hidden="true" />
          </IconButton>
          <span className="min-w-0 flex-1 truncate px-1 text-center font-medium sm:w-56" aria-live="polite">
            {longDay(day)}
          </span>
          <IconButton label="Hari berikutnya" onClick={() => go(dayAfter(day, 1), division)}>
            <ChevronRight className="size-[18px]" aria-hidden="true" />
          </IconButton>
        </div>
        <input
          type="date"
          name="day"
          aria-label="Pilih tanggal"
          value={day}
          onChange={({ target }) => isDay(target.value) && go(target.value, division)}
          className={`${inputClass} w-auto! max-sm:flex-1`}
        />
        <Button disabled={day === today} onClick={() => go(today, division)}>
          Hari ini
        </Button>
        {seesAll(me) && (
          <div className="w-full sm:w-44">
            <SelectField
              label="Divisi"
              name="division"
              value={division ?? ''}
              options={[
                { value: '', label: DIVISION.all },
                ...DIVISIONS.map((value) => ({ value, label: DIVISION[value] })),
              ]}
              onChange={({ target }) =>
                go(
                  day,
                  DIVISIONS.find((one) => one === target.value),
                )
              }
            />
          </div>
        )}
      </div>
      <CapacityBars day={day} division={division} />
      {list.isPending ? (
        <Loading>
          <div className="grid gap-4 md:grid-cols-4">
            {[0, 1, 2, 3].map((n) => (
              <Skeleton key={n} className="h-40 rounded-2xl" />
            ))}
          </div>
        </Loading>
      ) : list.isError && jobs.length === 0 ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : jobs.length === 0 ? (
        <Empty
          icon={<CalendarOff className="size-6" />}
          title="Tidak ada kunjungan pada tanggal ini"
          hint="Pilih hari lain, atau buat pekerjaan baru."
        />
      ) : (
        <>
          <Board jobs={jobs} />
          <MoreRows list={list} />
        </>
      )}
    </>
  );
}
