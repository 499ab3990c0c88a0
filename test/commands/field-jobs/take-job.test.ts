import { decideGiveBack, decideTakeBack } from '../../../src/commands/field-jobs/give-back.ts';
import { decideReplaceTechnician } from '../../../src/commands/field-jobs/replace-technician.ts';
import { decideTakeJob, requireTechnician } from '../../../src/commands/field-jobs/take-job.ts';
import { expect } from 'chai';
import { job, type FieldJob, type JobEvent } from '../../../src/domain/field-jobs/job.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import { refusalIn, specOf } from '../../support/scenarios/given.ts';
import {
  arrived,
  completed,
  dewi,
  dian,
  finished,
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

describe('giving a job back', () => {
  const givenBack = (because: 'technician' | 'deactivated', reason: string | null): JobEvent => ({
    type: 'JobGivenBack',
    data: { ...about, technicianId: joko.id, because, reason },
  });
  const back =
    (caller: Caller) =>
    (state: FieldJob): JobEvent[] =>
      decideGiveBack(state, 'Sakit', caller);

  it('puts it into the pool', () => {
    given(jobOpened(), jobTaken()).when(back(joko)).then(givenBack('technician', 'Sakit'));
    given(jobOpened(), jobTaken(), givenBack('technician', 'Sakit'))
      .when((state) => decideTakeJob(state, { technicianId: teguh.id, channel: 'web', window }, teguh))
      .then(jobTaken(teguh.id));
  });

  it('is for who has it, before they are there', () => {
    given().when(back(joko)).thenRefused('JOB_NOT_FOUND');
    given(jobOpened(), jobTaken()).when(back(wawan)).thenRefused('JOB_NOT_FOUND');
    given(jobOpened(), jobTaken()).when(back(teguh)).thenRefused('NOT_YOUR_JOB');
    given(jobOpened()).when(back(joko)).thenRefused('JOB_NOT_ASSIGNED');
    given(jobOpened(), jobTaken(), arrived).when(back(joko)).thenRefused('ALREADY_ARRIVED');
    given(jobOpened(), jobTaken(), arrived, finished).when(back(joko)).thenRefused('JOB_CLOSED');
  });

  it('is done for who works here no more, once, and for nobody else', () => {
    const taken = (state: FieldJob) => decideTakeBack(state, joko.id);
    given(jobOpened(), jobTaken()).when(taken).thenOnce(givenBack('deactivated', null));
    given(jobOpened(), jobTaken(teguh.id)).when(taken).then();
    given(jobOpened(), jobTaken(), arrived).when(taken).then();
    given().when(taken).then();
  });
});

describe('replacing a technician', () => {
  const seen = { technicianId: joko.id, ...window };
  const by =
    (caller: Caller, to: string | null, expected?: string) =>
    (state: FieldJob): JobEvent[] =>
      decideReplaceTechnician(
        state,
        { to, reason: 'tidak datang', ...(expected !== undefined && { expected_technician_id: expected }) },
        caller,
        seen,
      );

  it('gives the job to another one, or to the pool', () => {
    given(jobOpened(), jobTaken()).when(by(dewi, teguh.id)).thenOnce(replaced(teguh.id));
    given(jobOpened(), jobTaken()).when(by(dewi, null)).then(replaced(null));
    given(jobOpened(), jobTaken()).when(by(dewi, joko.id)).then();
  });

  it('is refused when somebody else has it by now, or is there', () => {
    given(jobOpened(), jobTaken(), replaced(teguh.id)).when(by(dewi, null)).thenRefused('ASSIGNEE_CHANGED');
    given(jobOpened(), jobTaken())
      .when(by(dewi, null, teguh.id))
      .thenRefused('ASSIGNEE_CHANGED');
    given(jobOpened(), jobTaken(), rescheduled).when(by(dewi, teguh.id)).thenRefused('BUSY');
    given(jobOpened(), jobTaken(), arrived).when(by(dewi, teguh.id)).thenRefused('ALREADY_ARRIVED');
    given(jobOpened(), jobTaken(), arrived, finished, completed)
      .when(by(dewi, null))
      .thenRefused('JOB_CLOSED');
    given(jobOpened()).when(by(dewi, teguh.id)).thenRefused('JOB_NOT_ASSIGNED');
    given(jobOpened(), jobTaken()).when(by(dian, null)).thenRefused('DIVISION_FORBIDDEN');
    given().when(by(dewi, null)).thenRefused('JOB_NOT_FOUND');
  });
});
