/**
 * Starts jobs by the clock (docs/design/business-rules.md#clocks). One process of the installation, by lease;
 * each due moment is taken with compare-and-set, so that neither a second process nor a clock that jumps runs it twice.
 */
import { createTask } from 'node-cron';
import type { Clock, Leases, Logger, Schedule } from '../../ports.ts';
import { type Job, runWhileLeader } from './run-while-leader.ts';
import { sleep } from './sleep.ts';

export interface ScheduledJob {
  /** Unique, stored for ever. */
  readonly name: string;
  /** Five fields; a job is due at most once a minute. */
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
  /**
   * `check`: looks at the present state, so a missed run needs no repeat: the next look sees the same.
   * `each`: work of its own for every due moment (one night's work): after a clock that went back it waits.
   */
  readonly kind: 'check' | 'each';
  /** May be called again for the same `due`: after a kill in the middle it is. */
  run(due: Date, signal: AbortSignal): Promise<void>;
}

export interface SchedulerDeps {
  readonly jobs: readonly ScheduledJob[];
  readonly schedule: Schedule;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Logger;
  /** How often the clock is looked at. Default 1 s. */
  readonly lookMs?: number;
}

const MINUTE_MS = 60_000;
/** A missed run is done later, if it was due since so long. */
const CATCH_UP_MS = 8 * 24 * 60 * MINUTE_MS;
const RETRY_MS = 30_000;
/** A run of another process that is not finished after so long was killed with its process. */
const KILLED_AFTER_MS = 30_000;

/** Holds the lease `scheduler`. At a stop, the runs under way are finished. */
export const createScheduler = (deps: SchedulerDeps): Job =>
  runWhileLeader(deps.leases, 'scheduler', (signal) => work(deps, signal));

async function work({ jobs, lookMs = 1_000, ...deps }: SchedulerDeps, signal: AbortSignal): Promise<void> {
  const timers = jobs.map((job) => createTimer(job, deps, signal));
  const running = new Set<Promise<void>>();
  while (!signal.aborted) {
    for (const timer of timers) {
      const run = timer.look();
      if (!run) continue;
      running.add(run);
      void run.finally(() => running.delete(run));
    }
    await sleep(lookMs, signal);
  }
  await Promise.all(running);
}

const minuteOf = (moment: Date): number => Math.floor(moment.getTime() / MINUTE_MS) * MINUTE_MS;

/** The timer of one job: never two runs at once. Its last due moment is kept in `schedule`. */
function createTimer(
  job: ScheduledJob,
  { schedule, clock, log }: Omit<SchedulerDeps, 'jobs' | 'leases'>,
  signal: AbortSignal,
) {
  const dueAt = matcherOf(job);
  /** The minute that was looked at last; undefined at first and after a failure: then the schedule is read. */
  let looked: number | undefined;
  let busy = false;
  let failed = false;
  let retryAt = 0;

  /** The latest due moment after `after`, up to now. */
  function latest(after: number, now: number): Date | null {
    for (let at = now; at > Math.max(after, now - CATCH_UP_MS); at -= MINUTE_MS) {
      if (dueAt(new Date(at))) return new Date(at);
    }
    return null;
  }

  /** @returns whether nothing more is to do in this minute */
  async function runDue(now: number): Promise<boolean> {
    const last = await schedule.last(job.name);
    // A job that is new here has missed nothing.
    const since = last?.due.getTime() ?? now - MINUTE_MS;
    const wentBack = since > now;
    if (wentBack && job.kind === 'each') {
      log.warn(
        { job: job.name, due: last?.due },
        'the clock is behind the last run: waiting until it has passed it',
      );
      return true;
    }
    let due = latest(wentBack ? now - MINUTE_MS : since, now);
    // Nothing newer is due. An unfinished run is done again when it failed here, or was killed in another process.
    if (!due && last && !last.finished && !wentBack) {
      if (!failed && clock.now().getTime() - last.started.getTime() < KILLED_AFTER_MS) return false;
      due = last.due;
    }
    if (!due || !(await schedule.begin(job.name, last?.due ?? null, due, clock.now()))) return true;
    await job.run(due, signal);
    if (!signal.aborted) await schedule.finish(job.name, due, clock.now());
    return true;
  }

  return {
    /** @returns the run that began; undefined when there is nothing to do */
    look(): Promise<void> | undefined {
      const now = minuteOf(clock.now());
      if (busy || now === looked || performance.now() < retryAt) return undefined;
      busy = true;
      return runDue(now)
        .then((done) => {
          failed = false;
          if (done) looked = now;
        })
        .catch((err: unknown) => {
          // It is not finished, so it runs again, before its next due moment.
          failed = true;
          retryAt = performance.now() + RETRY_MS;
          log.warn({ job: job.name, err }, 'a scheduled job failed, trying again');
        })
        .finally(() => {
          busy = false;
        });
    },
  };
}

/** node-cron reads the patterns and knows the time zones; when to look is decided here, by our clock. */
function matcherOf({ cron, timezone }: ScheduledJob): (moment: Date) => boolean {
  const task = createTask(cron, () => undefined, { timezone });
  return (moment) => task.match(moment);
}
