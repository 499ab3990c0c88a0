import { expect } from 'chai';
import { decideSetCapacity, setCapacity } from '../../../src/commands/capacity/set-capacity.ts';
import { capacityDay, type CapacityDayEvent } from '../../../src/domain/capacity/capacity-day.ts';
import { refusalOf } from '../../support/rejection.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani } from '../../support/scenarios/people.ts';

const given = specOf(capacityDay);
const set = (slots: number): CapacityDayEvent => ({
  type: 'CapacitySet',
  data: { division: 'safia', day: '2026-12-02', slots },
});

describe('set how many jobs a day takes', () => {
  it('once', () =>
    given()
      .when((state) => decideSetCapacity(state, 'safia', '2026-12-02', 5))
      .thenOnce(set(5)));
  it('of another division is refused', async () => {
    const ask = setCapacity({ handler: {} as never, clock: { now: () => new Date(0) } });
    const ctx = { caller: ani, requestId: 'r', correlationId: 'c' };
    expect(await refusalOf(ask(ctx, 'safia', '2026-12-02', { slots: 1 }))).to.equal('DIVISION_FORBIDDEN');
  });
});
