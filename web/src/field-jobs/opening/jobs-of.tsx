/** The visits of a customer or of a ticket, where one looks at them, and a button for another one. */
import { Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useMay } from '../../lib/me.ts';
import { Button } from '../../ui/button.tsx';
import { Answer } from '../../ui/parts.tsx';
import { JobCard } from '../office/job-card.tsx';
import type { Visited } from './new-job-dialog.tsx';
import { useJobs } from '../office/queries.ts';

const NewJobDialog = lazy(async () => ({ default: (await import('./new-job-dialog.tsx')).NewJobDialog }));

export function JobsOf({ of }: { readonly of: Visited }) {
  const mayOpen = useMay('job_create');
  const [isOpening, setOpening] = useState(false);
  const list = useJobs({
    ...(of.ticketId === undefined ? { customer: of.customerId } : { ticket: of.ticketId }),
    limit: 10,
  });
  const jobs = list.data?.pages[0]?.jobs ?? [];
  return (
    <div className="flex flex-col items-start gap-2">
      {list.isPending || list.isError ? (
        <Answer query={list} rows={1}>
          {() => null}
        </Answer>
      ) : jobs.length === 0 ? (
        <p className="text-[13px] text-soft">Belum ada kunjungan.</p>
      ) : (
        <ul className="flex w-full flex-col gap-2">
          {jobs.map((job) => (
            <li key={job.id}>
              <JobCard job={job} full />
            </li>
          ))}
        </ul>
      )}
      {mayOpen && (
        <Button small icon={<Plus className="size-4" aria-hidden="true" />} onClick={() => setOpening(true)}>
          Pekerjaan baru
        </Button>
      )}
      <Suspense>{isOpening && <NewJobDialog to={of} onClose={() => setOpening(false)} />}</Suspense>
    </div>
  );
}
