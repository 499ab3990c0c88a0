/** Whoever waits for the views costs no lookup of their own. */
import { expect } from 'chai';
import { systemClock } from '../../../src/adapters/clock.ts';
import { createProjectionStatus } from '../../../src/engine/projections/projection-status.ts';
import type { StatementText, WriteStore } from '../../../src/ports.ts';
import { type Desk, localFanout, openDesk, opening, uuid } from '../../projections/desk.ts';

describe('waiting for the views without their messages', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk.close());

  it('looks as often for fifty as for one, and finds it for all of them', async () => {
    const asked: string[] = [];
    const write: Pick<WriteStore, 'query'> = {
      query: (statement) => {
        asked.push((statement as StatementText).name ?? '');
        return desk.postgres.writes.query(statement);
      },
    };
    const status = createProjectionStatus({
      store: desk.store,
      write,
      // Nothing of the projector's messages comes through.
      pubSub: localFanout(),
      clock: systemClock,
      pollMs: 50,
    });
    await status.waitFor('', 1_000);
    asked.length = 0;
    const began = performance.now();
    const never = Array.from({ length: 50 }, () => status.waitFor('9'.repeat(19), 500));
    const position = await desk.append(...opening(uuid(1), 'sari'));
    expect(await status.waitFor(position, 5_000)).to.equal(true);
    expect(await Promise.all(never)).to.deep.equal(Array(50).fill(false));
    const lookups = asked.filter((name) => name === 'checkpoints_read').length;
    expect(lookups).to.be.within(1, Math.ceil((performance.now() - began) / 50) + 1);
    status.close();
  });
});
