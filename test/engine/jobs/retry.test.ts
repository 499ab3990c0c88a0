import { expect } from 'chai';
import { backoffMs, createBackoff } from '../../../src/engine/jobs/backoff.ts';
import { keepRunning, retry } from '../../../src/engine/jobs/retry.ts';

describe('trying again', () => {
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
      (progressed) => {
        tries += 1;
        if (tries === 3) progressed();
        return tries < 5 ? Promise.reject(failing) : Promise.resolve();
      },
      { signal: new AbortController().signal, failed: (_err, backoff) => waits.push(backoff) },
    );
    expect(waits).to.deep.equal([100, 200, 100, 200]);
  });

  it('throws an error that no further try will cure', async () => {
    let tries = 0;
    const work = (): Promise<void> => Promise.reject(++tries < 3 ? failing : new Error('final'));
    const done = retry(work, {
      firstMs: 1,
      isFinal: (err) => err !== failing,
      failed: () => undefined,
    });
    const thrown = await done.then(
      () => undefined,
      (err: unknown) => err,
    );
    expect([tries, String(thrown)]).to.deep.equal([3, 'Error: final']);
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

describe('keeping work running', () => {
  it('starts it again after each end, with a longer pause, and a short one after it lasted', async () => {
    const stop = new AbortController();
    const ends: [unknown, number][] = [];
    const broken = new Error('broken');
    let runs = 0;
    await keepRunning(
      async () => {
        runs += 1;
        if (runs === 1) throw broken;
        if (runs === 3) await new Promise((resolve) => setTimeout(resolve, 60));
      },
      {
        signal: stop.signal,
        firstMs: 5,
        mostMs: 40,
        steadyMs: 50,
        ended: (err, backoff) => {
          ends.push([err, backoff]);
          if (ends.length === 4) stop.abort();
        },
      },
    );
    expect(ends).to.deep.equal([
      [broken, 5],
      [undefined, 10],
      [undefined, 5],
      [undefined, 10],
    ]);
  });

  it('says nothing of an end that was asked for', async () => {
    const stop = new AbortController();
    await keepRunning(
      () => {
        stop.abort();
        return Promise.reject(new Error('closed'));
      },
      { signal: stop.signal, ended: fail },
    );
  });
});

describe('the wait before the next try', () => {
  it('grows with each failure up to its maximum, and begins again', () => {
    const backoff = createBackoff({ firstMs: 10, mostMs: 100, growth: 3 });
    expect([backoff.next(), backoff.next(), backoff.next(), backoff.next()]).to.deep.equal([10, 30, 90, 100]);
    backoff.reset();
    expect(backoff.next()).to.equal(10);
    expect(backoffMs(5_000, { firstMs: 10, mostMs: 100 })).to.equal(100);
  });
});

function fail(): void {
  throw new Error('nothing is to be told of');
}
