import { expect } from 'chai';
import { retry } from '../../../src/engine/jobs/retry.ts';

describe('insisting', () => {
  const failing = new Error('not yet');

  it('tries until it succeeds, each time after twice the wait, up to the longest', async () => {
    const waits: number[] = [];
    let tries = 0;
    const done = await retry(() => (++tries < 5 ? Promise.reject(failing) : Promise.resolve('done')), {
      signal: new AbortController().signal,
      mostMs: 150,
      failed: (err, backoff) => {
        expect(err).to.equal(failing);
        waits.push(backoff);
      },
    });
    expect(done).to.equal('done');
    expect(waits).to.deep.equal([100, 150, 150, 150]);
  });

  it('begins with a short wait again after it got on', async () => {
    const waits: number[] = [];
    let tries = 0;
    await retry(
      (went) => {
        tries += 1;
        if (tries === 3) went();
        return tries < 5 ? Promise.reject(failing) : Promise.resolve();
      },
      { signal: new AbortController().signal, failed: (_err, backoff) => waits.push(backoff) },
    );
    expect(waits).to.deep.equal([100, 200, 100, 200]);
  });

  it('is left when the signal aborts: before a try, during one, and while it waits', async () => {
    expect(await retry(() => Promise.resolve(1), { signal: AbortSignal.abort(), failed: fail })).to.equal(
      'left',
    );
    const during = new AbortController();
    const aborted = retry(
      () => {
        during.abort();
        return Promise.reject(failing);
      },
      { signal: during.signal, failed: fail },
    );
    expect(await aborted).to.equal('left');
    const waiting = new AbortController();
    const left = retry(() => Promise.reject(failing), {
      signal: waiting.signal,
      failed: () => {
        waiting.abort();
      },
    });
    expect(await left).to.equal('left');
  });
});

function fail(): void {
  throw new Error('nothing is to be told of');
}
