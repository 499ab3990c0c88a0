import { decideCancelJob } from '../../../src/commands/field-jobs/cancel-job.ts';
import { job, type FieldJob } from '../../../src/domain/field-jobs/job.ts';
import { specOf } from '../../support/scenarios/given.ts';
import {
  arrived,
  dewi,
  dian,
  finished,
  JOB,
  jobCancelled,
  jobOpened,
  jobTaken,
  joko,
} from '../../support/scenarios/field-service/job-events.ts';

const given = specOf(job);
const opened = jobOpened();
const about = { jobId: JOB, division: 'safia' as const, customerId: opened.data.customerId };

describe('cancelling a job', () => {
  const cancel = (state: FieldJob) => decideCancelJob(state, 'batal', dewi);

  it('says who had it, and is done once', () => {
    given(opened).when(cancel).thenOnce(jobCancelled);
    given(opened, jobTaken(), arrived)
      .when(cancel)
      .then({ type: 'JobCancelled', data: { ...about, technicianId: joko.id, reason: 'batal' } });
  });

  it('is refused where the work is done', () => {
    given().when(cancel).thenRefused('JOB_NOT_FOUND');
    given(opened)
      .when((state) => decideCancelJob(state, 'batal', dian))
      .thenRefused('DIVISION_FORBIDDEN');
    given(opened, jobTaken(), arrived, finished).when(cancel).thenRefused('JOB_CLOSED');
  });
});
