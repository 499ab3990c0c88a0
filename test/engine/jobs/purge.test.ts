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
      log,
      everyMs: 1,
    }).run(stop.signal);
    await eventually('a third sweep', () => swept.keys >= 3);
    stop.abort();
    await running;
    expect(swept.sessions).to.equal(swept.keys);
    expect(log.lines.some(({ level }) => level === 'warn')).to.equal(true);
  });
});
