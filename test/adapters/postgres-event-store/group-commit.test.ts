import { expect } from 'chai';
import { groupCommit } from '../../../src/adapters/postgres-event-store/group-commit.ts';
import { eventually } from '../../support/eventually.ts';

describe('group commit', () => {
  /** A flush that waits until it is let go, and remembers what it was given. */
  function gated() {
    const batches: number[][] = [];
    const gates: (() => void)[] = [];
    return {
      batches,
      open: () => gates.shift()?.(),
      flush: async (requests: readonly number[]): Promise<readonly (number | Error)[]> => {
        batches.push([...requests]);
        await new Promise<void>((resolve) => gates.push(resolve));
        return requests.map((n) => (n < 0 ? new Error(`refused ${String(n)}`) : n * 10));
      },
    };
  }

  it('flushes requests of one tick together, and those that come meanwhile in the next batch', async () => {
    const { batches, open, flush } = gated();
    const group = groupCommit({ flush, maxBatch: 64 });
    const first = [1, 2, 3].map((n) => group.submit(n));
    await eventually('the first flush', () => batches.length === 1);
    const second = [4, 5].map((n) => group.submit(n));
    expect(group.waiting()).to.equal(2);
    open();
    expect(await Promise.all(first)).to.deep.equal([10, 20, 30]);
    await eventually('the second flush', () => batches.length === 2);
    open();
    expect(await Promise.all(second)).to.deep.equal([40, 50]);
    expect(batches).to.deep.equal([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('gives each caller its own result or error', async () => {
    const group = groupCommit<number, number>({
      flush: (requests) =>
        Promise.resolve(requests.map((n) => (n < 0 ? new Error(`refused ${String(n)}`) : n))),
      maxBatch: 64,
    });
    const settled = await Promise.allSettled([1, -2, 3].map((n) => group.submit(n)));
    expect(settled.map((each) => each.status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fails the callers of a flush that fails, and goes on with the next', async () => {
    let broken = true;
    const group = groupCommit<number, number>({
      flush: (requests) => (broken ? Promise.reject(new Error('broken')) : Promise.resolve(requests)),
      maxBatch: 64,
    });
    const settled = await Promise.allSettled([group.submit(1), group.submit(2)]);
    expect(settled.every((each) => each.status === 'rejected')).to.equal(true);
    broken = false;
    expect(await group.submit(3)).to.equal(3);
  });

  it('never leaves a caller without an answer when the flush forgets one', async () => {
    const group = groupCommit<number, number>({ flush: () => Promise.resolve([1]), maxBatch: 64 });
    const settled = await Promise.allSettled([group.submit(1), group.submit(2)]);
    expect(settled.map((each) => each.status)).to.deep.equal(['fulfilled', 'rejected']);
  });

  it('bounds a batch by number and by weight, and lets one that is too heavy go alone', async () => {
    const batches: number[][] = [];
    const group = groupCommit<number, number>({
      flush: (requests) => {
        batches.push([...requests]);
        return Promise.resolve(requests);
      },
      maxBatch: 3,
      weight: { of: (n) => n, max: 10 },
    });
    await Promise.all([1, 1, 1, 1, 99, 6, 6].map((n) => group.submit(n)));
    expect(batches).to.deep.equal([[1, 1, 1], [1], [99], [6], [6]]);
  });

  it('refuses who waited too long behind a flush that hangs', async () => {
    const { batches, open, flush } = gated();
    const group = groupCommit({
      flush,
      maxBatch: 1,
      patience: { milliseconds: 50, error: () => new Error('out of patience') },
    });
    const first = group.submit(1);
    await eventually('the first flush', () => batches.length === 1);
    const begun = performance.now();
    const second = group.submit(2).catch((error: unknown) => error);
    await eventually('patience is over', () => performance.now() - begun > 60);
    open();
    expect(await first).to.equal(10);
    expect(String(await second)).to.include('out of patience');
    expect(batches).to.deep.equal([[1]]);
  });

  it('closes after the last answer and takes nothing more', async () => {
    const { batches, open, flush } = gated();
    const group = groupCommit({ flush, maxBatch: 1 });
    const results = Promise.all([group.submit(1), group.submit(2)]);
    const closed = group.close();
    const late = await group.submit(3).catch((error: unknown) => error);
    expect(late).to.be.instanceOf(Error);
    for (let n = 1; n <= 2; n += 1) {
      await eventually('a flush', () => batches.length === n);
      open();
    }
    await closed;
    expect(await results).to.deep.equal([10, 20]);
  });
});
