/** What can happen to jobs, for the history of everything (`any-history.ts`). */
import { jobEvents } from '../../../src/domain/field-jobs/job.ts';
import { uuid } from '../analytics/history.ts';
import { type Line, line } from '../any-staff.ts';
import type { chancesOf } from '../chance.ts';

/** @returns what is told on which stream, in odd orders too */
export function jobStories(
  users: readonly string[],
  tickets: readonly { readonly customerId: string; readonly division: string; readonly ticketId: string }[],
  { pick, chance, upTo, times, shuffled }: ReturnType<typeof chancesOf>,
): readonly (readonly [stream: string, lines: readonly Line[]])[] {
  return times(4, (n) => {
    const jobId = uuid(11, n);
    const { customerId, division, ticketId } = pick(tickets);
    const about = () => ({ jobId, customerId, division, technicianId: pick(users) });
    const windowFrom = `2026-07-0${String(3 + upTo(3))}T0${String(1 + upTo(8))}:00:00.000Z`;
    const replaced = () =>
      line('TechnicianReplaced', { ...about(), from: pick(users), to: chance(0.5) ? null : pick(users) });
    const rest = jobEvents.flatMap(({ type }) =>
      type === 'JobOpened'
        ? []
        : type === 'TechnicianReplaced'
          ? [replaced()]
          : [line(type, type === 'JobRescheduled' ? { ...about(), windowFrom } : about())],
    );
    return [
      `job-${jobId}`,
      [
        line('JobOpened', { ...about(), fromTicketId: chance(0.5) ? ticketId : null, openedBy: pick(users) }),
        ...shuffled([...rest, ...rest]),
      ],
    ] as const;
  });
}
