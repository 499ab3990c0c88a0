/**
 * The follow-up engine (docs/design/business-rules.md#follow-up-recommendations): once a night it checks every ticket
 * that a rule could match, and recommends those that do.
 */
import type { Recommend } from '../../commands/follow-ups/recommend-follow-ups.ts';
import type { Recommendation } from '../../domain/follow-ups/follow-up-night.ts';
import { adviceFor, type Night } from '../../domain/follow-ups/follow-up-rules.ts';
import { type Division, DIVISIONS } from '../../domain/vocabulary.ts';
import type { Logger, WriteStore } from '../../ports.ts';
import { followUpCandidates } from '../../projections/follow-ups/follow-ups.ts';
import { waitForProjections, type WaitForProjectionsDeps } from '../../engine/jobs/wait-for-projections.ts';
import type { ScheduledJob } from '../../engine/jobs/scheduler.ts';

export interface FollowUpDeps extends WaitForProjectionsDeps {
  readonly tables: Pick<WriteStore, 'query'>;
  readonly recommend: Recommend;
  readonly log: Logger;
  /** IANA name. */
  readonly timezone: string;
  /** How long the read tables may take to catch up. Default 10 s. */
  readonly patienceMs?: number;
}

const READ_VIEWS = ['inbox', 'crm'];
const DAY_MS = 24 * 60 * 60 * 1000;

/** `YYYY-MM-DD` of a moment in that time zone. */
const dayOf = (at: Date, timezone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(at);

/** When the night of an ISO day is due: 01:00 in that time zone. */
export function dueOn(day: string, timezone: string): Date {
  const wall = Date.parse(`${day}T01:00:00Z`);
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(wall);
  return new Date(wall - (Date.parse(`${local.replace(' ', 'T')}Z`) - wall));
}

/** The last night that has begun: the one of today, or before 01:00 the one of yesterday. */
export function lastDue(now: Date, timezone: string): Date {
  const today = dueOn(dayOf(now, timezone), timezone);
  return today <= now ? today : dueOn(dayOf(new Date(now.getTime() - DAY_MS), timezone), timezone);
}

/**
 * Recommends for the night of `due`, by the present state. A night that is done stays as it is.
 * @returns how many recommendations it has, by division
 * @throws Error when the read tables are behind; StoreUnavailable
 */
export async function recommendNight(
  deps: FollowUpDeps,
  due: Date,
  signal: AbortSignal,
): Promise<Readonly<Partial<Record<Division, number>>>> {
  const { tables, recommend, log, timezone } = deps;
  await waitForProjections(deps, READ_VIEWS, deps.patienceMs ?? 10_000);
  const night: Night = { at: due.toISOString(), day: dayOf(due, timezone) };
  const counts: Partial<Record<Division, number>> = {};
  for (const division of DIVISIONS) {
    if (signal.aborted) return counts;
    const recommendations: Recommendation[] = [];
    const done = await recommend.isDone(division, night.day);
    if (!done) {
      for await (const { ticketId, ...lead } of followUpCandidates(tables, division)) {
        const advice = adviceFor(lead, night);
        if (advice) recommendations.push({ ticketId, ...advice });
      }
    }
    const { count } = await recommend.night(division, night.day, recommendations);
    counts[division] = count;
  }
  log.info({ night: night.day, ...counts, job: 'followup' }, 'follow-ups recommended');
  return counts;
}

export const followUpJob = (deps: FollowUpDeps, cron: string): ScheduledJob => ({
  name: 'followup',
  cron,
  timezone: deps.timezone,
  kind: 'each',
  run: async (due, signal) => {
    await recommendNight(deps, due, signal);
  },
});
