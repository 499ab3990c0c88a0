import { expect } from 'chai';
import { decideCancelJob } from '../../../src/commands/field-jobs/cancel-job.ts';
import { decideContinueJob } from '../../../src/commands/field-jobs/continue-job.ts';
import {
  decideOpenJob,
  input,
  requireFuture,
  requireService,
} from '../../../src/commands/field-jobs/open-job.ts';
import { decideRescheduleJob } from '../../../src/commands/field-jobs/reschedule-job.ts';
import { job, type FieldJob, type JobEvent } from '../../../src/domain/field-jobs/job.ts';
import { DEFAULT_SERVICES, services } from '../../../src/domain/field-jobs/services.ts';
import { refusalIn, specOf } from '../../support/scenarios/given.ts';
import {
  arrived,
  dewi,
  dian,
  extended,
  finished,
  FROM,
  JOB,
  jobCancelled,
  jobOpened,
  jobTaken,
  joko,
  TO,
} from '../../support/scenarios/field-service/job-events.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(job);
const opened = jobOpened();
const about = { jobId: JOB, division: 'safia' as const, customerId: opened.data.customerId };

describe('opening a job', () => {
  it('makes it once', () => {
    given()
      .when((state) => decideOpenJob(state, opened.data as Parameters<typeof decideOpenJob>[1]))
      .thenOnce(opened);
  });

  it('wants a service of the division, and a window that begins in the future', () => {
    expect(requireService(DEFAULT_SERVICES, 'instalasi', 'safia').radius).to.equal(150);
    expect(refusalIn(() => requireService(DEFAULT_SERVICES, 'instalasi', 'sari')).code).to.equal(
      'VALIDATION_FAILED',
    );
    const window = { from: FROM };
    requireFuture(window, new Date(FROM));
    expect(
      refusalIn(() => {
        requireFuture(window, new Date(Date.parse(FROM) + 1));
      }).code,
    ).to.equal('WINDOW_PAST');
  });

  const body = {
    customer_id: uuidOf(1),
    kind: 'instalasi',
    problem: 'AC tidak dingin',
    place: { address: 'Jalan Melati 5', district: 'Gambir', city: 'Jakarta Pusat' },
    window: { from: '2026-12-02T09:00:00+07:00', to: TO },
    base_price: 350_000,
  };
  it('keeps the window in UTC', () => {
    expect(input.parse(body).window).to.deep.equal({ from: FROM, to: TO });
  });
  for (const [what, over] of Object.entries({
    'a window that ends before it begins': { window: { from: TO, to: FROM } },
    'more than a day': { window: { from: FROM, to: '2026-12-03T03:00:00Z' } },
    'half a point': { place: { ...body.place, lat: -6 } },
    'no address': { place: { ...body.place, address: ' ' } },
    'a price below nothing': { base_price: -1 },
    'half a rupiah': { base_price: 0.5 },
  }))
    it(`does not take ${what}`, () => {
      expect(input.safeParse({ ...body, ...over }).success).to.equal(false);
    });

  it('knows services by a key that is one service’s, and some of every division', () => {
    const [first] = DEFAULT_SERVICES;
    expect(services.safeParse(DEFAULT_SERVICES).success).to.equal(true);
    expect(services.safeParse([...DEFAULT_SERVICES, first]).success).to.equal(false);
    expect(
      services.safeParse(DEFAULT_SERVICES.filter(({ division }) => division !== 'savi')).success,
    ).to.equal(false);
  });
});

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
