/** What a technician has, by day. */
import { Link } from '@tanstack/react-router';
import { ChevronRight, Clock, MapPin, Wrench } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../lib/me.ts';
import { Badge } from '../../ui/badge.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { Guarded, MoreRows, Waiting } from '../../ui/parts.tsx';
import { Empty, Failed } from '../../ui/states.tsx';
import { useServiceName } from '../office/queries.ts';
import { JOB_STATUS, windowOf } from '../office/words.ts';
import { Days } from './days.tsx';
import { type OwnJob, useMyJobs } from './queries.ts';

const TITLE = 'Pekerjaan saya';
const SHOWN = [
  { value: 'now', label: 'Dikerjakan' },
  { value: 'past', label: 'Selesai' },
] as const;

/** There is still something to do about it. */
const isOpen = ({ status, report }: OwnJob): boolean =>
  status === 'assigned' || status === 'in_progress' || (status === 'done' && report.is_rejected);

export function MyJobsPage() {
  return (
    <Guarded title={TITLE} needs={['job_own']}>
      <Page title={TITLE} narrow>
        <MyJobs />
      </Page>
    </Guarded>
  );
}

function MyJobs() {
  const list = useMyJobs();
  const mayTake = useMay('job_pool');
  const [shown, setShown] = useState<(typeof SHOWN)[number]['value']>('now');
  const all = list.data?.pages.flatMap((page) => page.jobs) ?? [];
  // The API says the latest first; what is to be done comes in the order of doing.
  const jobs = shown === 'now' ? all.filter(isOpen).reverse() : all.filter((job) => !isOpen(job));
  return (
    <>
      <Choice label="Tampilkan" name="shown" value={shown} options={SHOWN} onChange={setShown} />
      {list.isPending ? (
        <Waiting />
      ) : list.isError && all.length === 0 ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : jobs.length === 0 ? (
        <Empty
          icon={<Wrench className="size-6" />}
          title={shown === 'now' ? 'Tidak ada pekerjaan' : 'Belum ada yang selesai'}
          hint={shown === 'now' ? 'Pekerjaan yang Anda ambil atau terima muncul di sini.' : ''}
        >
          {shown === 'now' && mayTake && (
            <Link to="/pool" className={buttonClass('primary')}>
              Lihat pool
            </Link>
          )}
        </Empty>
      ) : (
        <Days jobs={jobs}>{(job) => <Row job={job} />}</Days>
      )}
      <MoreRows list={list} />
    </>
  );
}

function Row({ job }: { readonly job: OwnJob }) {
  const nameOf = useServiceName();
  const { word, tone } = JOB_STATUS[job.status];
  return (
    <Link
      to="/my-jobs/$jobId"
      params={{ jobId: job.id }}
      className="focus-inside flex items-center gap-3 rounded-2xl border border-line bg-surface p-4 hover:bg-hover"
    >
      <span className="flex min-w-0 flex-1 flex-col gap-1">
        <span className="flex flex-wrap items-center gap-2">
          <span className="text-[15px] font-semibold break-words">{nameOf(job.kind)}</span>
          <Badge tone={tone}>{word}</Badge>
          {job.report.is_rejected && <Badge tone="red">Laporan dikembalikan</Badge>}
        </span>
        <span className="flex items-center gap-2 tabular-nums">
          <Clock className="size-4 shrink-0 text-soft" aria-hidden="true" />
          {windowOf(job.window)}
        </span>
        <span className="flex items-center gap-2 break-words text-soft">
          <MapPin className="size-4 shrink-0" aria-hidden="true" />
          {job.place.address}, {job.district}
        </span>
      </span>
      <ChevronRight className="size-5 shrink-0 text-faint" aria-hidden="true" />
    </Link>
  );
}
