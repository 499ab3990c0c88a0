/**
 * Makes reservations fit that an interrupted act left behind (docs/design/field-service.md#reservations): after two minutes,
 * what the job's stream has is reserved, and nothing else.
 */
import { settleReservations } from '../../commands/field-jobs/job-access.ts';
import { dayAfter, jobDayOf } from '../../domain/capacity/capacity-day.ts';

import type { EventContext } from '../../engine/commands/command-handler.ts';
import type { Clock, Ids, Logger } from '../../ports.ts';
import { looseReservations, type VisitTables } from '../../projections/field-jobs/watched-visits.ts';

export interface SweeperDeps {
  readonly tables: VisitTables;
  readonly commands: Parameters<typeof settleReservations>[0];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
}

const JOB = 'reservation-sweeper';
/** Whoever is slower than this loses what they reserved, and gets it back when they were first after all. */
export const SETTLE_AFTER_MS = 2 * 60_000;
/** What is longer ago is in nobody's way. */
const DAYS_BACK = 2;

/** Looks once. May be done any number of times. @throws StoreUnavailable */
export async function sweepReservations({ tables, commands, clock, ids, log }: SweeperDeps): Promise<void> {
  const now = clock.now();
  const from = dayAfter(jobDayOf(now.toISOString()), -DAYS_BACK);
  const loose = await looseReservations(tables, new Date(now.getTime() - SETTLE_AFTER_MS), from);
  for (const { jobId, division, day, technicianId } of loose) {
    const id = ids.next();
    const ctx: EventContext = {
      actor: { kind: 'system', process: JOB },
      ...{ correlationId: id, causationId: id, requestId: id, at: now.toISOString() },
    };
    await settleReservations(commands, ctx, {
      jobId,
      division: division,
      days: technicianId === null ? [day] : [],
      agendas: technicianId === null ? [] : [{ technicianId, day }],
    });
  }
  if (loose.length > 0) log.info({ job: JOB, count: loose.length }, 'reservations were made to fit');
}
