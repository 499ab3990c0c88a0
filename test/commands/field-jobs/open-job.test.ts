import { expect } from 'chai';
import {
  decideOpenJob,
  input,
  requireFuture,
  requireService,
} from '../../../src/commands/field-jobs/open-job.ts';
import { job } from '../../../src/domain/field-jobs/job.ts';
import { DEFAULT_SERVICES, services } from '../../../src/domain/field-jobs/services.ts';
import { refusalIn, specOf } from '../../support/scenarios/given.ts';
import { FROM, jobOpened, TO } from '../../support/scenarios/field-service/job-events.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(job);
const opened = jobOpened();

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
