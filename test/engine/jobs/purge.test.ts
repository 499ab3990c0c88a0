import { expect } from 'chai';
import { createPurge } from '../../../src/engine/jobs/purge.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

describe('the purge', () => {
  it('sweeps everything at once and again and again, whatever fails, until it is stopped', async () => {
    const log = silentLogger();
    const stop = new AbortController();
    const swept = { sessions: 0, keys: 0 };
    const running = createPurge({
      what: {
        sessions: {
          purge: () => {
            swept.sessions += 1;
            return Promise.reject(new Error('away'));
          },
        },
        keys: { purge: () => Promise.resolve((swept.keys += 1)) },
      },
      clockProblem: () => Promise.resolve(null),
      log,
      everyMs: 1,
    }).run(stop.signal);
    await eventually('a third sweep', () => swept.keys >= 3);
    stop.abort();
    await running;
    expect(swept.sessions).to.equal(swept.keys);
    expect(log.lines.some(({ level }) => level === 'warn')).to.equal(true);
  });

  it('deletes nothing while the clock is wrong, says so, and goes on when it is right again', async () => {
    const log = silentLogger();
    const stop = new AbortController();
    const clock = { problem: 'the clock is 40 days ahead' as string | null, looks: 0 };
    let swept = 0;
    const running = createPurge({
      what: { sessions: { purge: () => Promise.resolve((swept += 1)) } },
      clockProblem: () => {
        clock.looks += 1;
        return Promise.resolve(clock.problem);
      },
      log,
      everyMs: 1,
    }).run(stop.signal);
    await eventually('a third look', () => clock.looks >= 3);
    expect(swept).to.equal(0);
    expect(JSON.stringify(log.lines)).to.include('40 days ahead');
    clock.problem = null;
    await eventually('a purge', () => swept > 0);
    stop.abort();
    await running;
  });
});
