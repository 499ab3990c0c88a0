import { decideContinueJob } from '../../../src/commands/field-jobs/continue-job.ts';
import { job, type FieldJob, type JobEvent } from '../../../src/domain/field-jobs/job.ts';
import { specOf } from '../../support/scenarios/given.ts';
import {
  arrived,
  dewi,
  dian,
  extended,
  FROM,
  jobCancelled,
  jobOpened,
  jobTaken,
} from '../../support/scenarios/field-service/job-events.ts';

const given = specOf(job);
const opened = jobOpened();

describe('a technician who comes later', () => {
  const wish = { minutes: 45, reason: 'macet' };
  const at =
    (now: string, caller = dewi) =>
    (state: FieldJob): JobEvent[] =>
      decideContinueJob(state, wish, caller, now);

  it('has so long from now, or from the begin of the window', () => {
    given(opened, jobTaken()).when(at('2026-12-02T01:00:00.000Z')).then(extended('2026-12-02T02:45:00.000Z'));
    given(opened, jobTaken(), extended('2026-12-02T02:45:00.000Z'))
      .when(at('2026-12-02T02:40:00.000Z'))
      .then(extended('2026-12-02T03:25:00.000Z'));
  });

  it('is one who has the job and is not there', () => {
    given().when(at(FROM)).thenRefused('JOB_NOT_FOUND');
    given(opened).when(at(FROM)).thenRefused('JOB_NOT_ASSIGNED');
    given(opened, jobTaken(), arrived).when(at(FROM)).thenRefused('ALREADY_ARRIVED');
    given(opened, jobCancelled).when(at(FROM)).thenRefused('JOB_CLOSED');
    given(opened, jobTaken()).when(at(FROM, dian)).thenRefused('DIVISION_FORBIDDEN');
  });
});
