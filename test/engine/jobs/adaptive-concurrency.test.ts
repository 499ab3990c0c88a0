import { expect } from 'chai';
import { adaptConcurrency } from '../../../src/engine/jobs/adaptive-concurrency.ts';
import { eventually } from '../../support/eventually.ts';

/** Keeps the event loop working until told to stop. */
function busy(): () => void {
  let going = true;
  const work = (): void => {
    const until = performance.now() + 5;
    while (performance.now() < until);
    if (going) setImmediate(work);
  };
  work();
  return () => {
    going = false;
  };
}

describe('work that gives way', () => {
  const tried = async (othersCame: () => boolean, until: (atOnce: number) => boolean) => {
    let atOnce = 16;
    const seen: number[] = [];
    const end = adaptConcurrency({
      most: 16,
      othersCame,
      allow: (more) => {
        atOnce = more;
        seen.push(more);
      },
    });
    return { seen, end, reached: () => eventually('it allows what it should', () => until(atOnce)) };
  };

  it('does one thing at a time while others come to a busy process, and everything again afterwards', async () => {
    let others = true;
    const work = await tried(
      () => others,
      (atOnce) => (others ? atOnce === 1 : atOnce === 16),
    );
    const rest = busy();
    try {
      await work.reached();
      expect(work.seen).to.deep.equal([8, 4, 2, 1]);
      others = false;
      await work.reached();
    } finally {
      rest();
      work.end();
    }
  });

  it('gives way to nobody while nobody comes, however busy it is itself', async () => {
    let looks = 0;
    const work = await tried(
      () => {
        looks += 1;
        return false;
      },
      () => looks > 5,
    );
    const rest = busy();
    try {
      await work.reached();
      expect(work.seen).to.deep.equal([]);
    } finally {
      rest();
      work.end();
    }
  });
});
