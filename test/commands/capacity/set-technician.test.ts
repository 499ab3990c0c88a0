import { expect } from 'chai';
import {
  decideCancelLeave,
  decideSetLeave,
  decideSetTechnician,
  input,
  leaveInput,
} from '../../../src/commands/capacity/set-technician.ts';
import { technician, type TechnicianEvent } from '../../../src/domain/capacity/technician.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(technician);
const technicianId = uuidOf(0x91);
const set = (skills: string[] | null, maxJobsPerDay: number): TechnicianEvent => ({
  type: 'TechnicianSet',
  data: { technicianId, skills, maxJobsPerDay },
});
const away = (from: string, to: string): TechnicianEvent => ({
  type: 'TechnicianLeaveSet',
  data: { technicianId, from, to },
});
const back: TechnicianEvent = { type: 'TechnicianLeaveCancelled', data: { technicianId } };

describe('set a technician', () => {
  it('says what they can and how much, in whatever order, once', () => {
    given()
      .when((state) => decideSetTechnician(state, technicianId, { skills: ['b', 'a'], max_jobs_per_day: 2 }))
      .thenOnce(set(['a', 'b'], 2));
    given(set(['a'], 2))
      .when((state) => decideSetTechnician(state, technicianId, { skills: null, max_jobs_per_day: 2 }))
      .thenOnce(set(null, 2));
  });
  it('takes no skill twice', () => {
    expect(input.safeParse({ skills: ['a', 'a'], max_jobs_per_day: 1 }).success).to.equal(false);
    expect(input.safeParse({ skills: [], max_jobs_per_day: 0 }).success).to.equal(true);
  });
});

describe('set a leave', () => {
  const leave = { from: '2026-12-24', to: '2026-12-31' };
  it('replaces the one before, once', () =>
    given(away('2026-12-01', '2026-12-02'))
      .when((state) => decideSetLeave(state, technicianId, leave))
      .thenOnce(away(leave.from, leave.to)));
  it('is cancelled once', () => {
    given(away(leave.from, leave.to))
      .when((state) => decideCancelLeave(state, technicianId))
      .thenOnce(back);
    given()
      .when((state) => decideCancelLeave(state, technicianId))
      .then();
  });
  it('ends after it begins, and within a year', () => {
    expect(leaveInput.safeParse(leave).success).to.equal(true);
    expect(leaveInput.safeParse({ from: leave.to, to: leave.from }).success).to.equal(false);
    expect(leaveInput.safeParse({ from: '2026-01-01', to: '2027-01-02' }).success).to.equal(false);
  });
});
