import { decideReplaceTechnician } from '../../../src/commands/field-jobs/replace-technician.ts';
import { job, type FieldJob, type JobEvent } from '../../../src/domain/field-jobs/job.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import { specOf } from '../../support/scenarios/given.ts';
import {
  arrived,
  completed,
  dewi,
  dian,
  finished,
  FROM,
  JOB,
  jobOpened,
  jobTaken,
  joko,
  replaced,
  teguh,
  TO,
} from '../../support/scenarios/field-service/job-events.ts';

const given = specOf(job);
const about = { jobId: JOB, division: 'safia' as const, customerId: jobOpened().data.customerId };
const window = { windowFrom: FROM, windowTo: TO };
const rescheduled: JobEvent = {
  type: 'JobRescheduled',
  data: { ...about, technicianId: null, windowFrom: TO, windowTo: '2026-12-02T06:00:00.000Z', reason: null },
};

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
