/** Asks the customer of each completed job for a rating, and once more after three days (docs/design/field-service.md#ratings). */
import { REMIND_AFTER_DAYS } from '../../commands/ratings/request-rating.ts';
import { UndecodableEvent } from '../../domain/codec.ts';
import { job } from '../../domain/field-jobs/job.ts';
import type { RatingRequest } from '../../domain/ratings/rating.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { createReactor, type ReactorDeps } from '../../engine/jobs/reactor.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { ScheduledJob } from '../../engine/jobs/scheduler.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { type Clock, type JobCheckpoints, NOBODY, type ReadStore, type WriteStore } from '../../ports.ts';
import { lastContactOf } from '../../projections/customers/customer-history.ts';
import { ratingsToRemind } from '../../projections/ratings/ratings.ts';

export interface RatingRequestsDeps extends ReactorDeps {
  readonly handler: Pick<CommandHandler, 'load'>;
  readonly read: ReadStore;
  readonly checkpoints: JobCheckpoints;
  /** Asks once for each job, however often it is called. */
  readonly request: (of: Omit<RatingRequest, 'tokenHash' | 'expiresAt'>) => Promise<void>;
}

/** Of a visit that comes from no ticket: the customer may have written all the same. */
async function newestTalkOf(read: ReadStore, division: Division, customerId: string): Promise<string | null> {
  const talk = await lastContactOf(read, { kind: 'all', userId: NOBODY }, [division], customerId);
  return talk?.last_ticket_id ?? null;
}

/** Holds the lease `rating-requests`. */
export const createRatingRequests = (deps: RatingRequestsDeps): Job =>
  createReactor(deps, {
    name: 'rating-requests',
    streamPrefixes: ['job-'],
    position: { checkpoints: deps.checkpoints, firstRun: 'end of store', wrongStore: 'stay off' },
    start: ({ skip }) => ({
      handle: async ({ type, data }) => {
        if (type !== 'JobCompleted') return;
        const { jobId, division, customerId, technicianId, by } = data;
        try {
          const found = await deps.handler.load(job, jobId);
          const openedFrom = found.status === 'absent' ? null : found.ticketId;
          const talkId = openedFrom ?? (await newestTalkOf(deps.read, division, customerId));
          await deps.request({ jobId, division, customerId, technicianId, talkId, askedBy: by });
        } catch (error) {
          // A stream that cannot be read holds nobody else up.
          if (!(error instanceof UndecodableEvent)) throw error;
          skip(error);
        }
      },
    }),
  });

const DAY_MS = 86_400_000;

/** By day, when people look at their messages. */
export const ratingReminders = (deps: {
  readonly tables: Pick<WriteStore, 'query'>;
  readonly remind: (jobId: string) => Promise<void>;
  readonly clock: Clock;
  readonly timezone: string;
}): ScheduledJob => ({
  name: 'rating-reminders',
  cron: '*/30 9-17 * * *',
  timezone: deps.timezone,
  kind: 'check',
  run: async () => {
    const now = deps.clock.now();
    const askedBefore = new Date(now.getTime() - REMIND_AFTER_DAYS * DAY_MS);
    for (const { jobId } of await ratingsToRemind(deps.tables, askedBefore, now)) await deps.remind(jobId);
  },
});
