import { decideAcceptReport, decideRejectReport } from '../../../src/commands/field-jobs/report.ts';
import { job, type FieldJob } from '../../../src/domain/field-jobs/job.ts';
import { specOf } from '../../support/scenarios/given.ts';
import {
  arrived,
  completed,
  dewi,
  dian,
  documentAdded,
  documentWithdrawn,
  finished,
  jobCancelled,
  jobOpened,
  jobTaken,
  sentBack,
} from '../../support/scenarios/field-service/job-events.ts';

const given = specOf(job);
const taken = [jobOpened(), jobTaken()];

describe('the report of a visit', () => {
  const whole = [...taken, arrived, finished, documentAdded(1, 'bast'), documentAdded(2, 'bukti')];
  const accept =
    (by = dewi) =>
    (state: FieldJob) =>
      decideAcceptReport(state, by);
  const reject = (state: FieldJob) => decideRejectReport(state, dewi, 'belum lengkap');

  it('is accepted once, when nothing is missing', () => {
    given(...whole)
      .when(accept())
      .thenOnce(completed);
    const missing = { path: 'bukti', code: 'REQUIRED', message: 'Wajib diunggah', params: {} } as const;
    given(...taken, arrived, finished, documentAdded(1, 'bast'))
      .when(accept())
      .thenRefused('REPORT_INCOMPLETE', missing);
    given(...whole, documentWithdrawn(1))
      .when(accept())
      .thenRefused('REPORT_INCOMPLETE');
  });
  it('is sent back once, until something is added', () => {
    given(...whole)
      .when(reject)
      .thenOnce(sentBack());
    given(...whole, sentBack(), documentAdded(3, 'bast'))
      .when(reject)
      .then(sentBack());
    given(...whole, sentBack())
      .when(accept())
      .then(completed);
    given(...whole, completed)
      .when(reject)
      .thenRefused('JOB_CLOSED');
  });
  it('is of a visit that is over, in their division', () => {
    given(...taken, arrived, documentAdded(1, 'bast'), documentAdded(2, 'bukti'))
      .when(accept())
      .thenRefused('JOB_NOT_DONE');
    given(...taken)
      .when(reject)
      .thenRefused('JOB_NOT_DONE');
    given(jobOpened(), jobCancelled).when(accept()).thenRefused('JOB_CLOSED');
    given(...whole)
      .when(accept(dian))
      .thenRefused('DIVISION_FORBIDDEN');
    given().when(accept()).thenRefused('JOB_NOT_FOUND');
  });
});
