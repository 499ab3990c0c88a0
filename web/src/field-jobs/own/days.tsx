/** Visits under the day on which they begin. */
import { Fragment, type ReactNode } from 'react';
import { dayKey, useNow } from '../../lib/dates.ts';
import { dayAfter, longDay } from '../office/words.ts';

export function Days<J extends { readonly id: string; readonly window: { readonly from: string } }>({
  jobs,
  children,
}: {
  /** In the order in which they are shown. */
  readonly jobs: readonly J[];
  readonly children: (job: J) => ReactNode;
}) {
  const today = dayKey(new Date(useNow()));
  const nameOf = (day: string): string =>
    day === today ? 'Hari ini' : day === dayAfter(today, 1) ? 'Besok' : longDay(day);
  const days = [...new Set(jobs.map(({ window }) => dayKey(window.from)))];
  return days.map((day) => (
    <Fragment key={day}>
      <h2 className="mt-2 -mb-1 font-semibold first:mt-0">{nameOf(day)}</h2>
      <ul className="flex flex-col gap-3">
        {jobs
          .filter(({ window }) => dayKey(window.from) === day)
          .map((job) => (
            <li key={job.id}>{children(job)}</li>
          ))}
      </ul>
    </Fragment>
  ));
}
