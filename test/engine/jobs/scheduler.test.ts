import { expect } from 'chai';
import { createSchedule } from '../../../src/adapters/operational/schedule.ts';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { createScheduler, type ScheduledJob } from '../../../src/engine/jobs/scheduler.ts';
import type { Leases } from '../../../src/ports.ts';
import { eventually } from '../../support/eventually.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

/** Everybody believes to hold the lease: the schedule alone must keep runs single. */
const noLease: Leases = { hold: (_name, signal, work) => work({ epoch: 1n, signal }) };

describe('the scheduler', () => {
  let database: TestDatabase;
  let postgres: Postgres;
  const stops: (() => Promise<void>)[] = [];
  const time = { now: new Date() };
  const at = (moment: string): void => {
    time.now = new Date(moment);
  };

  beforeEach(async () => {
    database = await testDatabase();
    postgres = createPostgres({ url: database.url, logger: silentLogger() });
    at('2026-11-20T03:00:10Z');
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await postgres.close();
    await database.drop();
  });

  /** One process with this job. @returns the due moments it ran */
  function start(over: Partial<ScheduledJob> = {}) {
    const ran: string[] = [];
    const looks = { count: 0 };
    const job: ScheduledJob = {
      name: 'job',
      cron: '* * * * *',
      timezone: 'Asia/Jakarta',
      kind: 'check',
      run: (due) => {
        ran.push(due.toISOString());
        return Promise.resolve();
      },
      ...over,
    };
    const stopping = new AbortController();
    const clock = {
      now: () => {
        looks.count += 1;
        return time.now;
      },
    };
    const schedule = createSchedule(postgres.writes);
    const log = silentLogger();
    const done = createScheduler({ jobs: [job], schedule, leases: noLease, clock, log, lookMs: 5 }).run(
      stopping.signal,
    );
    const stop = async (): Promise<void> => {
      stopping.abort();
      await done;
    };
    stops.push(stop);
    return {
      ran,
      stop,
      log,
      /** Looked again, twice at least, and every run that followed is over. */
      async settled() {
        const from = looks.count;
        await eventually('looks at the clock', () => looks.count > from + 6);
      },
    };
  }
  const last = () => createSchedule(postgres.writes).last('job');
  const finished = (due: string) =>
    eventually(`the run of ${due}`, async () => {
      const known = await last();
      return known?.finished === true && known.due.toISOString() === due;
    });

  it('runs when due and once, however often it looks', async () => {
    const one = start();
    await finished('2026-11-20T03:00:00.000Z');
    await one.settled();
    at('2026-11-20T03:01:00Z');
    await finished('2026-11-20T03:01:00.000Z');
    await one.settled();
    expect(one.ran).to.deep.equal(['2026-11-20T03:00:00.000Z', '2026-11-20T03:01:00.000Z']);
  });

  it('runs once in two processes that both believe to be the one', async () => {
    const [one, two] = [start({ kind: 'each' }), start({ kind: 'each' })];
    for (let minute = 1; minute <= 20; minute += 1) {
      const due = `2026-11-20T03:${String(minute).padStart(2, '0')}:00.000Z`;
      at(due);
      await finished(due);
      await Promise.all([one.settled(), two.settled()]);
    }
    const ran = [...one.ran, ...two.ran].sort();
    expect(new Set(ran).size).to.equal(ran.length);
    expect(ran.at(-1)).to.equal('2026-11-20T03:20:00.000Z');
  });

  it('knows the time zone, and makes up for one missed night, not for each', async () => {
    const nightly = { cron: '0 1 * * *', kind: 'each' } as const;
    at('2026-11-16T18:00:30Z');
    const one = start(nightly);
    await finished('2026-11-16T18:00:00.000Z');
    await one.stop();
    at('2026-11-20T03:00:00Z');
    const two = start(nightly);
    await finished('2026-11-19T18:00:00.000Z');
    await two.settled();
    expect(two.ran).to.deep.equal(['2026-11-19T18:00:00.000Z']);
  });

  it('a job that is new has missed nothing', async () => {
    const one = start({ cron: '0 1 * * *', kind: 'each' });
    await one.settled();
    expect(one.ran).to.deep.equal([]);
  });

  it('a clock that jumps back runs no night twice, and a check goes on', async () => {
    const night = start({ name: 'night', kind: 'each' });
    const check = start();
    await finished('2026-11-20T03:00:00.000Z');
    await eventually('the night', () => night.ran.length === 1);
    at('2026-11-20T02:30:00Z');
    await finished('2026-11-20T02:30:00.000Z');
    await night.settled();
    at('2026-11-20T03:00:00Z');
    await finished('2026-11-20T03:00:00.000Z');
    at('2026-11-20T03:01:00Z');
    await eventually('the next night', () => night.ran.length > 1);
    expect(night.ran).to.deep.equal(['2026-11-20T03:00:00.000Z', '2026-11-20T03:01:00.000Z']);
    expect(check.ran.length).to.be.greaterThan(2);
  });

  it('runs the same moment again when it was killed in the middle', async () => {
    const hung = start({ cron: '0 1 * * *', kind: 'each', run: (_due, signal) => aborted(signal) });
    at('2026-11-20T18:00:00Z');
    await eventually('it began', async () => (await last())?.finished === false);
    await hung.stop();
    at('2026-11-20T18:20:00Z');
    const again = start({ cron: '0 1 * * *', kind: 'each' });
    await finished('2026-11-20T18:00:00.000Z');
    expect(again.ran).to.deep.equal(['2026-11-20T18:00:00.000Z']);
  });

  it('a job that fails is said and stays due', async () => {
    const failing = start({ run: () => Promise.reject(new Error('no')) });
    await eventually('a warning', () => failing.log.lines.some(({ level }) => level === 'warn'));
    expect(await last()).to.deep.include({ finished: false });
    await failing.stop();
    at('2026-11-20T03:00:50Z');
    start();
    await finished('2026-11-20T03:00:00.000Z');
  });
});

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
