/** Columns on a desktop, tabs on a phone. What is wrong comes first, then what is due first. */
import { Siren } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useWide } from '../../lib/width.ts';
import { Count } from '../../ui/badge.tsx';
import { cx } from '../../ui/classes.ts';
import { JobCard } from './job-card.tsx';
import type { Job, JobStatus } from './queries.ts';

const COLUMNS = [
  { key: 'open', name: 'Terbuka', holds: ['open'], empty: 'Tidak ada yang menunggu teknisi.' },
  { key: 'assigned', name: 'Ditugaskan', holds: ['assigned'], empty: 'Belum ada yang ditugaskan.' },
  { key: 'in_progress', name: 'Berjalan', holds: ['in_progress'], empty: 'Tidak ada teknisi di lokasi.' },
  { key: 'done', name: 'Selesai', holds: ['done', 'completed'], empty: 'Belum ada yang selesai.' },
] as const satisfies readonly {
  readonly key: string;
  readonly name: string;
  readonly holds: readonly JobStatus[];
  readonly empty: string;
}[];
type Column = (typeof COLUMNS)[number];

const urgency = (job: Job): number => (job.is_missing ? 0 : job.status === 'completed' ? 2 : 1);
const inOrder = (jobs: readonly Job[]): readonly Job[] =>
  [...jobs].sort((a, b) => urgency(a) - urgency(b) || a.window.from.localeCompare(b.window.from));

export function Board({ jobs }: { readonly jobs: readonly Job[] }) {
  const wide = useWide(768);
  const [tab, setTab] = useState<Column['key'] | null>(null);
  const ordered = inOrder(jobs);
  const of = ({ holds }: Column): readonly Job[] =>
    ordered.filter(({ status }) => (holds as readonly JobStatus[]).includes(status));
  const missing = ordered.filter(({ is_missing: isMissing }) => isMissing);
  const cancelled = ordered.filter(({ status }) => status === 'cancelled');
  // Where something is wrong, one looks first.
  const shown =
    COLUMNS.find(({ key }) => key === tab) ??
    COLUMNS.find((one) => missing.length > 0 && one.key === 'assigned') ??
    COLUMNS.find((one) => of(one).length > 0) ??
    COLUMNS[0];
  return (
    <>
      {missing.length > 0 && (
        <p role="alert" className="flex gap-3 rounded-2xl bg-danger-soft p-4 text-pretty text-danger">
          <Siren className="size-5 shrink-0" aria-hidden="true" />
          {missing.length} teknisi belum datang. Hubungi, beri waktu, atau ganti teknisinya.
        </p>
      )}
      {wide ? (
        <div className="grid items-start gap-3 md:grid-cols-2 xl:grid-cols-4">
          {COLUMNS.map((column) => (
            <section
              key={column.key}
              aria-labelledby={`kolom-${column.key}`}
              className="min-w-0 rounded-2xl bg-sunken p-2.5"
            >
              <h2
                id={`kolom-${column.key}`}
                className="flex items-center gap-2 px-1 pt-0.5 pb-2.5 text-[13px] font-semibold"
              >
                {column.name} <Count n={of(column).length} />
              </h2>
              <Cards jobs={of(column)} empty={column.empty} />
            </section>
          ))}
        </div>
      ) : (
        <Tabs shown={shown} countOf={(one) => of(one).length} onChange={setTab}>
          <Cards jobs={of(shown)} empty={shown.empty} />
        </Tabs>
      )}
      {cancelled.length > 0 && (
        <details className="rounded-2xl border border-line bg-surface p-4">
          <summary className="min-h-6 cursor-pointer font-medium">{cancelled.length} dibatalkan</summary>
          <div className="mt-3">
            <Cards jobs={cancelled} empty="" />
          </div>
        </details>
      )}
    </>
  );
}

function Cards({ jobs, empty }: { readonly jobs: readonly Job[]; readonly empty: string }) {
  if (jobs.length === 0) return <p className="px-1 py-4 text-center text-[13px] text-soft">{empty}</p>;
  return (
    <ul className="flex flex-col gap-2">
      {jobs.map((job) => (
        <li key={job.id}>
          <JobCard job={job} />
        </li>
      ))}
    </ul>
  );
}

function Tabs({
  shown,
  countOf,
  onChange,
  children,
}: {
  readonly shown: Column;
  readonly countOf: (column: Column) => number;
  readonly onChange: (key: Column['key']) => void;
  readonly children: ReactNode;
}) {
  const move = (by: number): void => {
    const next = COLUMNS[(COLUMNS.indexOf(shown) + by + COLUMNS.length) % COLUMNS.length];
    if (next === undefined) return;
    onChange(next.key);
    document.getElementById(`tab-${next.key}`)?.focus();
  };
  return (
    <div className="min-w-0">
      <div role="tablist" aria-label="Status" className="flex border-b border-line">
        {COLUMNS.map((one) => (
          <button
            key={one.key}
            type="button"
            role="tab"
            id={`tab-${one.key}`}
            aria-selected={one === shown}
            aria-controls="pekerjaan"
            tabIndex={one === shown ? 0 : -1}
            onClick={() => onChange(one.key)}
            onKeyDown={({ key }) => {
              if (key === 'ArrowRight') move(1);
              if (key === 'ArrowLeft') move(-1);
            }}
            className={cx(
              'focus-inside -mb-px flex min-h-12 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 border-b-2 text-[13px] font-medium',
              one === shown ? 'border-accent text-accent-ink' : 'border-transparent text-soft',
            )}
          >
            {one.name}
            <span className="text-[12px] tabular-nums">{countOf(one)}</span>
          </button>
        ))}
      </div>
      <div id="pekerjaan" role="tabpanel" aria-labelledby={`tab-${shown.key}`} className="pt-3">
        {children}
      </div>
    </div>
  );
}
