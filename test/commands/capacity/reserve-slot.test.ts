import { expect } from 'chai';
import { decideReleaseSlot, decideReserveSlot } from '../../../src/commands/capacity/reserve-slot.ts';
import {
  type CapacityDay,
  capacityDay,
  type CapacityDayEvent,
  jobDayOf,
} from '../../../src/domain/capacity/capacity-day.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(capacityDay);
const place = (n: number) => ({ division: 'safia' as const, day: '2026-12-02', jobId: uuidOf(0x70 + n) });
const reserved = (n: number): CapacityDayEvent => ({ type: 'SlotReserved', data: place(n) });
const released = (n: number): CapacityDayEvent => ({ type: 'SlotReleased', data: place(n) });
const set = (slots: number): CapacityDayEvent => ({
  type: 'CapacitySet',
  data: { division: 'safia', day: '2026-12-02', slots },
});
const reserve =
  (n: number, jobsPerDay: number | null = 2) =>
  (state: CapacityDay) =>
    decideReserveSlot(state, place(n), jobsPerDay);
const release = (n: number) => (state: CapacityDay) => decideReleaseSlot(state, place(n));

describe('a place for a job on a day', () => {
  it('is reserved once for a job, and not beyond what the day takes', () => {
    given().when(reserve(1)).thenOnce(reserved(1));
    given(reserved(1), reserved(2)).when(reserve(3)).thenRefused('NO_CAPACITY');
    given(reserved(1), reserved(2)).when(reserve(2)).then();
  });
  it('is given back once, and is another job’s then', () => {
    given(reserved(1), reserved(2)).when(release(1)).thenOnce(released(1));
    given(reserved(1), reserved(2), released(1)).when(reserve(3)).then(reserved(3));
    given(reserved(1)).when(release(2)).then();
  });
  it('is there as often as somebody said, also less than is taken', () => {
    given(set(1), reserved(1)).when(reserve(2)).thenRefused('NO_CAPACITY');
    given(set(3), reserved(1), reserved(2)).when(reserve(3)).then(reserved(3));
    given(reserved(1), reserved(2), set(1), released(1)).when(reserve(3)).thenRefused('NO_CAPACITY');
    given(set(0)).when(reserve(1)).thenRefused('NO_CAPACITY');
  });
  it('comes back to a job that is there, without a question of room', () =>
    given(set(0)).when(reserve(1, null)).thenOnce(reserved(1)));
  it('is of a day of Jakarta', () => {
    expect(jobDayOf('2026-12-01T16:59:59.999Z')).to.equal('2026-12-01');
    expect(jobDayOf('2026-12-01T17:00:00.000Z')).to.equal('2026-12-02');
  });
});
