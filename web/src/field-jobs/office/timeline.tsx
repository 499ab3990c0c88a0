/** What became of a visit, from its beginning on. */
import { Badge } from '../../ui/badge.tsx';
import { momentOf } from '../../lib/dates.ts';
import { Card } from '../../ui/parts.tsx';
import type { ReactNode } from 'react';
import type { Job } from './queries.ts';
import { metres, VERDICT } from './words.ts';

interface Step {
  readonly name: string;
  /** null: the API keeps no time of it. */
  readonly at: string | null;
  readonly more?: ReactNode;
}

function Arrival({ arrival }: { readonly arrival: NonNullable<Job['arrival']> }) {
  const { verdict, distance, accuracy, note, late_report: isLate, taken_at: takenAt } = arrival;
  return (
    <>
      <span className="flex flex-wrap items-center gap-1.5">
        <Badge tone={VERDICT[verdict].tone}>{VERDICT[verdict].word}</Badge>
        {distance !== null && <span>{metres(distance)} dari lokasi</span>}
        {accuracy !== null && <span className="text-faint">(akurasi {metres(Math.round(accuracy))})</span>}
      </span>
      {note !== null && <span className="block">“{note}”</span>}
      {isLate && <span className="block text-faint">Jam di ponsel: {momentOf(takenAt)}</span>}
    </>
  );
}

const stepsOf = (job: Job): readonly Step[] => [
  { name: 'Dibuat', at: job.opened_at, more: job.opened_by.name },
  ...(job.taken_at === null ? [] : [{ name: 'Ada teknisi', at: job.taken_at, more: job.technician?.name }]),
  ...(job.arrive_by === null ? [] : [{ name: 'Diberi waktu sampai', at: job.arrive_by }]),
  ...(job.arrival === null
    ? []
    : [{ name: 'Check-in', at: job.arrival.at, more: <Arrival arrival={job.arrival} /> }]),
  ...(job.finished_at === null
    ? []
    : [{ name: 'Check-out', at: job.finished_at, more: job.finish_note ?? undefined }]),
  ...(job.report.is_rejected
    ? [{ name: 'Laporan dikembalikan', at: null, more: job.report.reason ?? undefined }]
    : []),
  ...(job.status === 'completed' ? [{ name: 'Laporan diterima', at: job.updated_at }] : []),
  ...(job.status === 'cancelled'
    ? [{ name: 'Dibatalkan', at: job.updated_at, more: job.cancel_reason ?? undefined }]
    : []),
];

export function Timeline({ job }: { readonly job: Job }) {
  return (
    <Card title="Perjalanan">
      <ol className="flex flex-col">
        {stepsOf(job).map(({ name, at, more }) => (
          <li
            key={name}
            className="relative border-l-2 border-line pb-4 pl-4 last:border-transparent last:pb-0"
          >
            <span className="absolute top-1.5 -left-[5px] size-2 rounded-full bg-accent" aria-hidden="true" />
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-medium">{name}</span>
              {at !== null && <span className="text-[12px] text-faint">{momentOf(at)}</span>}
            </p>
            {more !== undefined && <div className="text-[13px] break-words text-soft">{more}</div>}
          </li>
        ))}
      </ol>
    </Card>
  );
}
