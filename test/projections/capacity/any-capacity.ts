/** What can happen to room for jobs and to technicians, for the history of everything (`any-history.ts`). */
import { DIVISIONS } from '../../../src/domain/vocabulary.ts';
import { uuid } from '../analytics/history.ts';
import { type Line, line } from '../any-staff.ts';
import type { chancesOf } from '../chance.ts';

/** @returns what is told on which stream, in order */
export function capacityStories(
  users: readonly string[],
  { upTo, pick, chance, times }: ReturnType<typeof chancesOf>,
): readonly (readonly [stream: string, lines: readonly Line[]])[] {
  const days = ['2026-07-03', '2026-07-04'];
  /** As they can follow each other: what is reserved is released, now and then. */
  const stays = (reserved: (jobId: string) => Line, released: (jobId: string) => Line): Line[] =>
    times(4, (n) => uuid(11, n)).flatMap((jobId) => [
      reserved(jobId),
      ...(chance(0.5) ? [released(jobId), ...(chance(0.5) ? [reserved(jobId)] : [])] : []),
    ]);
  return days.flatMap((day) => [
    ...DIVISIONS.map((division): [string, Line[]] => [
      `capacity-${division}-${day}`,
      [
        line('CapacitySet', { division, day, slots: upTo(9) }),
        ...stays(
          (jobId) => line('SlotReserved', { division, day, jobId }),
          (jobId) => line('SlotReleased', { division, day, jobId }),
        ),
        line('CapacitySet', { division, day, slots: upTo(9) }),
      ],
    ]),
    ...users.slice(0, 2).flatMap((technicianId): [string, Line[]][] => [
      [
        `agenda-${technicianId}-${day}`,
        [
          ...stays(
            (jobId) => line('AgendaReserved', { technicianId, day, jobId }),
            (jobId) => line('AgendaReleased', { technicianId, day, jobId }),
          ),
          line('AgendaReleased', { technicianId, day, jobId: uuid(11, 0) }),
        ],
      ],
      [
        `technician-${technicianId}`,
        times(4, () =>
          pick([
            line('TechnicianSet', { technicianId, skills: null, maxJobsPerDay: upTo(9) }),
            line('TechnicianSet', { technicianId, skills: ['ac'] }),
            line('TechnicianLeaveSet', { technicianId, from: day, to: day }),
          ]),
        ).concat(chance(0.5) ? [] : [line('TechnicianLeaveCancelled', { technicianId })]),
      ],
    ]),
    [
      'technician-away',
      [line('TechnicianLeaveSet'), line('TechnicianSet'), line('TechnicianLeaveCancelled')],
    ],
  ]);
}
