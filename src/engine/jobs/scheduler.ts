/**
 * What a clock starts (domain.md, 'Notifications', 'Follow-up engine'). One process of the installation, by lease; each
 * due moment is taken with compare-and-set, so that neither a second process nor a clock that jumps runs it twice.
 */
import { createTask } from 'node-cron';
import type { Clock, Leases, Logger, Schedule } from '../../ports.ts';
import { sleep } from './sleep.ts';

export interface ScheduledJob {
  /** Unique, stored for ever. */
  readonly name: string;
  /** Five fields; a job is due at most once a minute. */
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
  /**
   * `check`: looks at how things stand, so it only has to run now and then, and what was missed is one look later.
   * `each`: something of its own for every due moment (a night's work): after a clock that went back it waits.
   */
  readonly kind: 'check' | 'each';
  /** Must bear being called again for the same `due`: after a kill in the middle it is. */
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

export interface Scheduler {
  /** Works while this process holds the lease `scheduler`. Resolves after `signal`, when what runs is finished. */
  run(signal: AbortSignal): Promise<void>;
}

const MINUTE_MS = 60_000;
/** How far back a missed run is made up for. */
const CATCH_UP_MS = 8 * 24 * 60 * MINUTE_MS;
const RETRY_MS = 30_000;
/** A run of somebody else that is not finished after so long was killed with its process. */
const KILLED_AFTER_MS = 30_000;

export function createScheduler(deps: SchedulerDeps): Scheduler {
  return {
    run: (signal) => deps.leases.hold('scheduler', signal, (lease) => work(deps, lease.signal)),
  };
}

async function work({ jobs, lookMs = 1_000, ...deps }: SchedulerDeps, signal: AbortSignal): Promise<void> {
  const clockworks = jobs.map((job) => createClockwork(job, deps, signal));
  const running = new Set<Promise<void>>();
  while (!signal.aborted) {
    for (const clockwork of clockworks) {
      const run = clockwork.look();
      if (!run) continue;
      running.add(run);
      void run.finally(() => running.delete(run));
    }
    // Aborting ends the wait; there is nothing else it could reject with.
    await sleep(lookMs, signal);
  }
  await Promise.all(running);
}

const minuteOf = (moment: Date): number => Math.floor(moment.getTime() / MINUTE_MS) * MINUTE_MS;

/** One job's watch: never two runs at once, the last due moment kept outside. */
function createClockwork(
  job: ScheduledJob,
  { schedule, clock, log }: Omit<SchedulerDeps, 'jobs' | 'leases'>,
  signal: AbortSignal,
) {
  const dueAt = matcherOf(job);
  /** The minute that was looked at last; unknown at first and after a failure: then the schedule is asked. */
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

  /** @returns whether this minute is done with */
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
    // Nothing newer is due: an unfinished one again, when it failed here or was killed in another process.
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
          // Not finished, so it is due again; its next due moment does not have to be waited for.
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

/** node-cron knows the patterns and the time zones; when to look is decided here, by our clock. */
function matcherOf({ cron, timezone }: ScheduledJob): (moment: Date) => boolean {
  const task = createTask(cron, () => undefined, { timezone });
  return (moment) => task.match(moment);
}
