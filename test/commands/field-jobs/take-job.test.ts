import { decideTakeJob, requireTechnician } from '../../../src/commands/field-jobs/take-job.ts';
import { expect } from 'chai';
import { job, type FieldJob, type JobEvent } from '../../../src/domain/field-jobs/job.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import { refusalIn, specOf } from '../../support/scenarios/given.ts';
import {
  arrived,
  dewi,
  FROM,
  JOB,
  jobCancelled,
  jobOpened,
  jobTaken,
  joko,
  replaced,
  teguh,
  TO,
  wawan,
} from '../../support/scenarios/field-service/job-events.ts';
import { asUser } from '../../support/scenarios/people.ts';

const given = specOf(job);
const about = { jobId: JOB, division: 'safia' as const, customerId: jobOpened().data.customerId };
const window = { windowFrom: FROM, windowTo: TO };
const rescheduled: JobEvent = {
  type: 'JobRescheduled',
  data: { ...about, technicianId: null, windowFrom: TO, windowTo: '2026-12-02T06:00:00.000Z', reason: null },
};

describe('taking a job', () => {
  const by =
    (caller: Caller, technicianId = caller.id, channel: 'web' | 'assigned' = 'web') =>
    (state: FieldJob) =>
      decideTakeJob(state, { technicianId, channel, window }, caller);

  it('gives it to whoever comes first, and to them only once', () => {
    given(jobOpened()).when(by(joko)).thenOnce(jobTaken());
    given(jobOpened(), jobTaken()).when(by(teguh)).thenRefused('JOB_ALREADY_TAKEN');
    given(jobOpened(), jobTaken(), arrived).when(by(teguh)).thenRefused('JOB_ALREADY_TAKEN');
    given(jobOpened(), jobTaken(), replaced(null)).when(by(teguh)).thenOnce(jobTaken(teguh.id));
  });

  it('gives it to a technician whom a dispatcher names', () => {
    given(jobOpened())
      .when(by(dewi, teguh.id, 'assigned'))
      .thenOnce({
        type: 'JobTaken',
        data: { ...about, technicianId: teguh.id, by: dewi.id, channel: 'assigned' },
      });
  });

  it('is refused where there is none to take', () => {
    given().when(by(joko)).thenRefused('JOB_NOT_FOUND');
    given(jobOpened()).when(by(wawan)).thenRefused('JOB_NOT_FOUND');
    given(jobOpened(), jobCancelled).when(by(joko)).thenRefused('JOB_CLOSED');
    given(jobOpened(), rescheduled).when(by(joko)).thenRefused('BUSY');
  });

  it('is for technicians of the division who work here', () => {
    const codeFor = (...args: Parameters<typeof asUser>) =>
      refusalIn(() => {
        requireTechnician(asUser(...args), 'safia');
      }).code;
    expect(codeFor(joko, 'inactive')).to.equal('AGENT_INACTIVE');
    expect(codeFor(wawan)).to.equal('USER_NOT_FOUND');
    expect(codeFor(dewi)).to.equal('USER_NOT_FOUND');
    requireTechnician(asUser(joko), 'safia');
  });
});
