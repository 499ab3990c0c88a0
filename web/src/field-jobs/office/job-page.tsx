/** One visit: what it is about, what became of it, and what the office may do with it. */
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, Siren } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { api, dataOf } from '../../lib/api.ts';
import { dayKey, momentOf } from '../../lib/dates.ts';
import { DIVISION, t } from '../../lib/id.ts';
import { useMe } from '../../lib/me.ts';
import { rupiah } from '../../lib/money.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Answer, Card, Guarded } from '../../ui/parts.tsx';
import { Documents } from './documents.tsx';
import { InvoiceOfJob } from './invoice-of-job.tsx';
import { JobFlags } from './job-card.tsx';
import { type Job, on, useJob, useJobCommand, useServiceName } from './queries.ts';
import { Timeline } from './timeline.tsx';
import { JOB_STATUS, longDay, windowOf } from './words.ts';

const dialogs = () => import('./job-dialogs.tsx');
const DIALOGS = {
  assign: lazy(async () => ({ default: (await dialogs()).AssignJobDialog })),
  replace: lazy(async () => ({ default: (await dialogs()).ReplaceDialog })),
  continue: lazy(async () => ({ default: (await dialogs()).ContinueDialog })),
  reschedule: lazy(async () => ({ default: (await dialogs()).RescheduleDialog })),
  cancel: lazy(async () => ({ default: (await dialogs()).CancelJobDialog })),
  reject: lazy(async () => ({ default: (await dialogs()).RejectReportDialog })),
};

export function JobPage() {
  const { jobId } = useParams({ from: '/inside/jobs/$jobId' });
  const one = useJob(jobId);
  const nameOf = useServiceName();
  return (
    <Guarded title="Pekerjaan" needs={['job_read']}>
      <Page
        title={one.data === undefined ? 'Pekerjaan' : nameOf(one.data.kind)}
        actions={
          <Link
            to="/jobs"
            search={one.data === undefined ? {} : { day: dayKey(one.data.window.from) }}
            className={buttonClass('plain', true)}
          >
            <ArrowLeft className="size-4" aria-hidden="true" />
            Papan hari itu
          </Link>
        }
      >
        <Answer query={one}>{(job) => <Whole job={job} />}</Answer>
      </Page>
    </Guarded>
  );
}

function Whole({ job }: { readonly job: Job }) {
  const { privileges } = useMe();
  const mayFile = privileges.includes('job_document');
  const isWorked = ['assigned', 'in_progress', 'done'].includes(job.status);
  return (
    <>
      {job.is_missing && (
        <p role="alert" className="flex gap-3 rounded-2xl bg-danger-soft p-4 text-pretty text-danger">
          <Siren className="size-5 shrink-0" aria-hidden="true" />
          {job.technician?.name ?? 'Teknisi'} belum datang. Beri waktu lebih, atau ganti teknisinya.
        </p>
      )}
      <Actions job={job} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)]">
        <div className="flex min-w-0 flex-col gap-4">
          <Facts job={job} />
          <Documents job={job} mayChange={mayFile && isWorked} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Timeline job={job} />
          {job.status === 'completed' &&
            (['invoice_draft', 'invoice_approve', 'invoice_settle'] as const).some((one) =>
              privileges.includes(one),
            ) && <InvoiceOfJob jobId={job.id} />}
        </div>
      </div>
    </>
  );
}

function Actions({ job }: { readonly job: Job }) {
  const { privileges } = useMe();
  const [open, setOpen] = useState<keyof typeof DIALOGS | null>(null);
  const accept = useJobCommand(
    () => dataOf(api.POST('/api/admin/jobs/{id}/accept', on(job.id))),
    'Laporan diterima. Pekerjaan selesai.',
  );
  const mayPlan = privileges.includes('job_dispatch');
  const mayFile = privileges.includes('job_document');
  const { status } = job;
  const Shown = open === null ? null : DIALOGS[open];
  const isWaiting = status === 'open' || status === 'assigned';
  const shown = (mayPlan && (isWaiting || status === 'in_progress')) || (mayFile && status === 'done');
  if (!shown) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {mayPlan && status === 'open' && (
        <Button look="primary" onClick={() => setOpen('assign')}>
          Tugaskan
        </Button>
      )}
      {mayPlan && status === 'assigned' && (
        <>
          <Button look={job.is_missing ? 'primary' : 'plain'} onClick={() => setOpen('replace')}>
            Ganti teknisi
          </Button>
          <Button onClick={() => setOpen('continue')}>Beri waktu lebih</Button>
        </>
      )}
      {mayFile && status === 'done' && (
        <>
          <Button look="primary" busy={accept.isPending} onClick={() => accept.mutate(undefined)}>
            Terima laporan
          </Button>
          <Button onClick={() => setOpen('reject')}>Kembalikan</Button>
        </>
      )}
      {mayPlan && isWaiting && <Button onClick={() => setOpen('reschedule')}>Pindahkan jadwal</Button>}
      {mayPlan && (isWaiting || status === 'in_progress') && (
        <Button look="danger" onClick={() => setOpen('cancel')}>
          Batalkan
        </Button>
      )}
      <Suspense>{Shown !== null && <Shown job={job} onClose={() => setOpen(null)} />}</Suspense>
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex gap-3 py-1">
      <dt className="w-28 shrink-0 text-faint">{name}</dt>
      <dd className="min-w-0 flex-1 break-words">{children}</dd>
    </div>
  );
}

const LINK = 'font-medium text-accent-ink underline underline-offset-2';

function Facts({ job }: { readonly job: Job }) {
  const { privileges } = useMe();
  const { place, customer } = job;
  const status = JOB_STATUS[job.status];
  const name = customer.name ?? t.unknownCustomer;
  return (
    <Card title="Ringkasan">
      <div className="mb-3 flex flex-wrap items-center gap-1.5">
        <Badge tone={status.tone}>{status.word}</Badge>
        <Badge tone="grey">{DIVISION[job.division]}</Badge>
        <JobFlags job={job} />
      </div>
      <p className="mb-3 break-words whitespace-pre-wrap">{job.problem}</p>
      <dl>
        <Fact name="Waktu">
          {longDay(dayKey(job.window.from))}, {windowOf(job.window)}
          {job.arrive_by !== null && (
            <span className="block text-faint">Boleh datang sampai {momentOf(job.arrive_by)}</span>
          )}
        </Fact>
        <Fact name="Teknisi">{job.technician?.name ?? 'Belum ada'}</Fact>
        <Fact name="Pelanggan">
          {privileges.includes('inbox_read') ? (
            <Link to="/customers/$customerId" params={{ customerId: customer.id }} className={LINK}>
              {name}
            </Link>
          ) : (
            name
          )}
          {customer.phone !== null && <span className="block">{customer.phone}</span>}
        </Fact>
        <Fact name="Alamat">
          {place.address}
          <span className="block">
            {place.district}, {place.city}
          </span>
          {place.lat !== null && place.lng !== null && (
            <a
              href={`https://www.google.com/maps/search/?api=1&query=${String(place.lat)},${String(place.lng)}`}
              target="_blank"
              rel="noopener noreferrer"
              className={LINK}
            >
              Buka peta
            </a>
          )}
        </Fact>
        <Fact name="Harga dasar">{rupiah(job.base_price)}</Fact>
        <Fact name="Radius lokasi">{job.radius} m</Fact>
        {job.ticket_id !== null && privileges.includes('inbox_read') && (
          <Fact name="Tiket">
            <Link to="/t/$ticketId" params={{ ticketId: job.ticket_id }} className={LINK}>
              Buka percakapan
            </Link>
          </Fact>
        )}
      </dl>
    </Card>
  );
}
