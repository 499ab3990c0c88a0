/** One visit in a list: when, what, where, who, and what is wrong with it. */
import { Link } from '@tanstack/react-router';
import { Siren, UserRound } from 'lucide-react';
import { seesAll } from '../../follow-ups/queries.ts';
import { dayKey } from '../../lib/dates.ts';
import { DIVISION, t } from '../../lib/id.ts';
import { useMe } from '../../lib/me.ts';
import { Badge } from '../../ui/badge.tsx';
import { cx } from '../../ui/classes.ts';
import { type Job, useServiceName } from './queries.ts';
import { JOB_STATUS, shortDay, VERDICT, windowOf } from './words.ts';

export function JobFlags({ job }: { readonly job: Job }) {
  return (
    <>
      {job.is_missing && (
        <Badge tone="red">
          <Siren className="size-3" aria-hidden="true" />
          BELUM DATANG
        </Badge>
      )}
      {job.arrival !== null && job.arrival.verdict !== 'in' && (
        <Badge tone={VERDICT[job.arrival.verdict].tone}>{VERDICT[job.arrival.verdict].word}</Badge>
      )}
      {job.check_out_missed && <Badge tone="orange">Belum check-out</Badge>}
      {job.report.is_rejected && <Badge tone="orange">Laporan dikembalikan</Badge>}
    </>
  );
}

/** @param full with its day and status: for lists that are not of one day */
export function JobCard({ job, full = false }: { readonly job: Job; readonly full?: boolean }) {
  const nameOf = useServiceName();
  const isOfMany = seesAll(useMe());
  const status = JOB_STATUS[job.status];
  return (
    <Link
      to="/jobs/$jobId"
      params={{ jobId: job.id }}
      className={cx(
        'focus-inside block rounded-xl border bg-surface p-3 transition-colors hover:bg-hover',
        job.is_missing ? 'border-danger' : 'border-line',
      )}
    >
      <span className="flex flex-wrap items-center gap-1.5">
        <span className="font-semibold tabular-nums">
          {full && `${shortDay(dayKey(job.window.from))}, `}
          {windowOf(job.window)}
        </span>
        <span className="flex-1" />
        {full || job.status === 'done' || job.status === 'completed' ? (
          <Badge tone={status.tone}>{status.word}</Badge>
        ) : null}
        {isOfMany && <Badge tone="grey">{DIVISION[job.division]}</Badge>}
      </span>
      <span className="mt-1 block font-medium break-words">{nameOf(job.kind)}</span>
      <span className="block text-[13px] break-words text-soft">
        {job.district}, {job.city} · {job.customer.name ?? t.unknownCustomer}
      </span>
      <span className="mt-1.5 flex flex-wrap items-center gap-1.5 text-[13px] text-soft">
        <UserRound className="size-3.5 shrink-0" aria-hidden="true" />
        <span className="mr-1 min-w-0 break-words">{job.technician?.name ?? 'Belum ada teknisi'}</span>
        <JobFlags job={job} />
      </span>
    </Link>
  );
}
