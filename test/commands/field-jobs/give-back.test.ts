import { decideGiveBack, decideTakeBack } from '../../../src/commands/field-jobs/give-back.ts';
import { decideTakeJob } from '../../../src/commands/field-jobs/take-job.ts';
import { jobDayOf } from '../../../src/domain/capacity/capacity-day.ts';
import { job, type FieldJob, type JobEvent } from '../../../src/domain/field-jobs/job.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import { specOf } from '../../support/scenarios/given.ts';
import {
  arrived,
  dewi,
  finished,
  FROM,
  JOB,
  jobOpened,
  jobTaken,
  joko,
  teguh,
  TO,
  wawan,
} from '../../support/scenarios/field-service/job-events.ts';

const given = specOf(job);
const about = { jobId: JOB, division: 'safia' as const, customerId: jobOpened().data.customerId };
const window = { windowFrom: FROM, windowTo: TO };

describe('giving a job back', () => {
  const givenBack = (
    because: 'technician' | 'deactivated' | 'on_leave',
    reason: string | null,
    recipients: string[] = [],
  ): JobEvent => ({
    type: 'JobGivenBack',
    data: { ...about, technicianId: joko.id, because, reason, recipients },
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

  const recipients = [dewi.id];

  it('is done for who works here no more, once, and for nobody else', () => {
    const taken = (state: FieldJob) =>
      decideTakeBack(state, joko.id, { because: 'deactivated', recipients }, TO);
    given(jobOpened(), jobTaken())
      .when(taken)
      .thenOnce(givenBack('deactivated', null, recipients));
    given(jobOpened(), jobTaken(teguh.id)).when(taken).then();
    given(jobOpened(), jobTaken(), arrived).when(taken).then();
    given().when(taken).then();
  });

  it('is done for who is away on its day, once, unless it is over or they are there', () => {
    const day = jobDayOf(FROM);
    const taken =
      (leave = { from: day, to: day }, now = FROM) =>
      (state: FieldJob) =>
        decideTakeBack(state, joko.id, { because: 'on_leave', leave, recipients }, now);
    given(jobOpened(), jobTaken())
      .when(taken())
      .thenOnce(givenBack('on_leave', null, recipients));
    given(jobOpened(), jobTaken())
      .when(taken({ from: '2000-01-01', to: '2000-01-31' }))
      .then();
    given(jobOpened(), jobTaken()).when(taken(undefined, TO)).then();
    given(jobOpened(), jobTaken(teguh.id)).when(taken()).then();
    given(jobOpened(), jobTaken(), arrived).when(taken()).then();
  });
});
