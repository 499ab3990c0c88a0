import { expect } from 'chai';
import { decideRescheduleJob } from '../../../src/commands/field-jobs/reschedule-job.ts';
import { job, type FieldJob, type JobEvent } from '../../../src/domain/field-jobs/job.ts';
import { specOf } from '../../support/scenarios/given.ts';
import {
  arrived,
  dewi,
  extended,
  FROM,
  JOB,
  jobCancelled,
  jobOpened,
  jobTaken,
  joko,
  TO,
} from '../../support/scenarios/field-service/job-events.ts';

const given = specOf(job);
const opened = jobOpened();
const about = { jobId: JOB, division: 'safia' as const, customerId: opened.data.customerId };

describe('moving a job to another time', () => {
  const later = { from: TO, to: '2026-12-02T06:00:00.000Z' };
  const move =
    (reservedFor: string | null, window = later) =>
    (state: FieldJob): JobEvent[] =>
      decideRescheduleJob(state, window, 'Diundur', dewi, reservedFor);
  const moved = (technicianId: string | null): JobEvent => ({
    type: 'JobRescheduled',
    data: { ...about, technicianId, windowFrom: later.from, windowTo: later.to, reason: 'Diundur' },
  });

  it('leaves it with who has it; nothing that was promised before holds', () => {
    given(opened).when(move(null)).thenOnce(moved(null));
    given(opened, jobTaken(), extended(TO), moved(joko.id))
      .when((state) => {
        expect(state).to.include({ technicianId: joko.id, extendedUntil: null, episode: 3 });
        return [];
      })
      .then();
    given(opened)
      .when(move(null, { from: FROM, to: TO }))
      .then();
  });

  it('is refused when somebody else has it by now, is there, or it is over', () => {
    given(opened, jobTaken()).when(move(null)).thenRefused('ASSIGNEE_CHANGED');
    given(opened, jobTaken(), arrived).when(move(joko.id)).thenRefused('ALREADY_ARRIVED');
    given(opened, jobCancelled).when(move(null)).thenRefused('JOB_CLOSED');
    given().when(move(null)).thenRefused('JOB_NOT_FOUND');
  });
});
