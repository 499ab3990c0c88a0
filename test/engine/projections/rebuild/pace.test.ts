import { expect } from 'chai';
import type { Sql } from '../../../../src/ports.ts';
import { createPace } from '../../../../src/engine/projections/rebuild/pace.ts';

const at = (n: number): string => String(n).padStart(19, '0');

/** A clock that only waiting moves, a store whose end moves by ten with every look, and views where we put them. */
function openPace() {
  let clock = 0;
  let looks = 0;
  const views = new Map([['inbox', { position: at(0), state: 'running' }]]);
  const waited: number[] = [];
  const query: Sql['query'] = <Row extends object>() =>
    Promise.resolve([...views].map(([view, rest]) => ({ view, ...rest })) as unknown as Row[]);
  const pace = createPace(
    { head: () => Promise.resolve(at((looks += 1) * 10)) },
    { query },
    () => clock,
    (ms) => {
      waited.push(ms);
      clock += ms;
      return Promise.resolve();
    },
  );
  return {
    views,
    waited,
    looks: () => looks,
    elapsed: () => clock,
    worked: async (ms: number) => {
      clock += ms;
      await pace.rest(ms);
      return waited.at(-1);
    },
  };
}

describe('the pace of a rebuild', () => {
  it('rests as long as it worked while the live views keep up', async () => {
    const { views, worked } = openPace();
    for (let n = 1; n < 10; n += 1) {
      views.set('inbox', { position: at(n * 10), state: 'running' });
      expect(await worked(300)).to.equal(300);
    }
  });

  it('rests nine times as long once a running view was behind at two looks in a row, until it has caught up', async () => {
    const { views, worked, looks } = openPace();
    expect(await worked(600), 'the first look has nothing to compare with').to.equal(600);
    expect(await worked(100), 'behind once may be chance').to.equal(100);
    expect(looks()).to.equal(2);
    expect(await worked(210), 'no look yet').to.equal(210);
    expect(await worked(190), 'behind at two looks').to.equal(190 * 9);
    expect(looks()).to.equal(3);
    views.set('inbox', { position: at(1_000), state: 'running' });
    expect(await worked(50)).to.equal(50);
  });

  it('does not wait for a view that has stopped', async () => {
    const { views, worked } = openPace();
    views.set('inbox', { position: at(0), state: 'stopped' });
    for (let n = 0; n < 5; n += 1) expect(await worked(600)).to.equal(600);
  });

  it('rests two seconds at most, however long a batch took', async () => {
    const { worked } = openPace();
    expect(await worked(60_000)).to.equal(2_000);
  });

  it('looks at the database twice a second at most', async () => {
    const { worked, looks, elapsed } = openPace();
    while (elapsed() < 480) await worked(5);
    expect(looks()).to.equal(0);
    while (elapsed() < 10_000) await worked(5);
    expect(looks()).to.be.within(15, 20);
  });
});
