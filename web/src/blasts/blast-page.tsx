/** One blast from beginning to end: what it says, to whom, whether it may go, how far it is, what came of it. */
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { hasCode } from '../lib/api.ts';
import { momentOf } from '../lib/dates.ts';
import { useMe } from '../lib/me.ts';
import { Badge } from '../ui/badge.tsx';
import { buttonClass } from '../ui/button.tsx';
import { NoPermission } from '../ui/no-permission.tsx';
import { Page } from '../ui/page.tsx';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import { Approval } from './approval.tsx';
import { WithVariables } from '../follow-ups/with-variables.tsx';
import { Effect } from './effect.tsx';
import { Recipients } from './recipients.tsx';
import { Sending } from './sending.tsx';
import { useBlast, useBlastStatus, type WholeBlast } from './queries.ts';
import { BLAST_STATUS } from './words.ts';

const back = (
  <Link to="/blasts" className={buttonClass('plain', true)}>
    <ArrowLeft className="size-4" aria-hidden="true" />
    Semua blast
  </Link>
);

export function BlastPage() {
  const { privileges } = useMe();
  if (!privileges.includes('blast_create'))
    return (
      <Page title="Blast">
        <NoPermission />
      </Page>
    );
  return <Shown />;
}

function Shown() {
  const { blastId = '' } = useParams({ strict: false });
  const me = useMe();
  const status = useBlastStatus(blastId);
  const blast = useBlast(blastId, status.data?.status);
  const failed = status.error ?? blast.error;
  if (status.data === undefined || blast.data === undefined)
    return (
      <Page title="Blast" actions={back}>
        {failed === null ? (
          <Loading>
            <Skeleton className="h-40 rounded-2xl" />
            <Skeleton className="mt-4 h-72 rounded-2xl" />
          </Loading>
        ) : (
          <Failed
            error={failed}
            {...(hasCode(failed, 'BLAST_NOT_FOUND')
              ? {}
              : { retry: () => void Promise.all([status.refetch(), blast.refetch()]) })}
          />
        )}
      </Page>
    );
  const { data } = blast;
  const now = status.data;
  return (
    <Page title={data.template.name} actions={back}>
      <Head blast={data} status={now.status} />
      {now.status === 'pending' && (
        <Approval
          blast={data}
          mayDecide={me.privileges.includes('blast_approve')}
          isOwn={data.created_by.id === me.id}
        />
      )}
      {now.status !== 'pending' && now.status !== 'rejected' && (
        <>
          <Sending blastId={blastId} status={now} />
          <Effect status={now} name={data.template.name} />
        </>
      )}
      <Recipients recipients={data.recipients} isPending={now.status === 'pending'} />
    </Page>
  );
}

function Head({ blast, status }: { readonly blast: WholeBlast; readonly status: WholeBlast['status'] }) {
  const { name, tone } = BLAST_STATUS[status];
  return (
    <section
      aria-label="Isi blast"
      className="rounded-2xl border border-line bg-surface p-4 shadow-card md:p-5"
    >
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px] text-soft">
        <Badge tone={tone}>{name}</Badge>
        <span className="tabular-nums">{blast.recipient_count} penerima</span>
        <span>
          Dibuat {blast.created_by.name}, {momentOf(blast.created_at)}
        </span>
        {blast.approved_at !== null && <span>Disetujui {momentOf(blast.approved_at)}</span>}
        {blast.finished_at !== null && <span>Selesai {momentOf(blast.finished_at)}</span>}
      </p>
      {blast.reject_reason !== null && (
        <p className="mt-3 rounded-lg bg-danger-soft px-3 py-2 text-danger">
          <strong className="font-semibold">Alasan ditolak:</strong> {blast.reject_reason}
        </p>
      )}
      <h2 className="mt-4 mb-1.5 text-[13px] font-medium text-soft">Pesan</h2>
      <p className="w-fit max-w-prose rounded-2xl rounded-tl-md bg-sunken px-4 py-2.5 break-words whitespace-pre-wrap">
        <WithVariables text={blast.message} />
      </p>
    </section>
  );
}
