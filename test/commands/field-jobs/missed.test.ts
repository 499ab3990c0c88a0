import { decideCheckOutForgotten, decideNoShow } from '../../../src/commands/field-jobs/missed.ts';
import { job, type FieldJob } from '../../../src/domain/field-jobs/job.ts';
import { specOf } from '../../support/scenarios/given.ts';
import {
  arrived,
  dewi,
  extended,
  finished,
  forgotten,
  jobCancelled,
  jobOpened,
  jobTaken,
  joko,
  missed,
  replaced,
} from '../../support/scenarios/field-service/job-events.ts';

const given = specOf(job);
const at = (time: string) => Date.parse(`2026-12-02T${time}Z`);
const look =
  (time: string, recipients = [dewi.id]) =>
  (state: FieldJob) =>
    decideNoShow(state, at(time), 30, recipients);

describe('a technician who does not come', () => {
  const taken = [jobOpened(), jobTaken()];
  it('is missed half an hour after the window began, once', () => {
    given(...taken)
      .when(look('02:29:59.999'))
      .then();
    given(...taken)
      .when(look('02:30:00.000'))
      .thenOnce(missed(1));
    given(...taken, missed(1))
      .when(look('09:00:00.000'))
      .then();
    given(...taken)
      .when(look('02:30:00.000', []))
      .then(missed(1, []));
  });
  it('is not missed before what was promised, and then once more', () => {
    const promised = [...taken, missed(1), extended('2026-12-02T03:15:00.000Z')];
    given(...promised)
      .when(look('03:14:59.999'))
      .then();
    given(...promised)
      .when(look('03:15:00.000'))
      .thenOnce(missed(2));
    given(...promised, missed(2), extended('2026-12-02T03:45:00.000Z'))
      .when(look('03:45:00.000'))
      .then(missed(3));
  });
  it('may be another one, who is missed anew', () => {
    given(...taken, missed(1), replaced(joko.id))
      .when(look('04:00:00.000'))
      .then(missed(2));
    given(...taken, missed(1), replaced(null))
      .when(look('04:00:00.000'))
      .then();
  });
  it('is not missed who was there, or where there is nothing to do', () => {
    for (const history of [[...taken, arrived], [jobOpened()], [...taken, jobCancelled], []])
      given(...history)
        .when(look('09:00:00.000'))
        .then();
  });
  it('is missed past midnight as by day', () => {
    const night = { windowFrom: '2026-12-02T16:50:00.000Z', windowTo: '2026-12-02T18:00:00.000Z' };
    given(jobOpened(night), jobTaken()).when(look('17:19:59.999')).then();
    given(jobOpened(night), jobTaken()).when(look('17:20:00.000')).then(missed(1));
  });
});

describe('a visit that nobody checked out of', () => {
  const find = (time: string) => (state: FieldJob) => decideCheckOutForgotten(state, at(time), [dewi.id]);
  it('is told of two hours after its window, once', () => {
    const there = given(jobOpened(), jobTaken(), arrived);
    there.when(find('05:59:59.999')).then();
    there.when(find('06:00:00.000')).thenOnce(forgotten);
    given(jobOpened(), jobTaken(), arrived, finished).when(find('09:00:00.000')).then();
    given(jobOpened(), jobTaken()).when(find('09:00:00.000')).then();
  });
});
