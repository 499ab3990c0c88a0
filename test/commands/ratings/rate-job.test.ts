import { expect } from 'chai';
import { decideRateJob, rateJobInput } from '../../../src/commands/ratings/rate-job.ts';
import { rating, type Rating } from '../../../src/domain/ratings/rating.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { sena, tara } from '../../support/scenarios/people.ts';
import { asked, posted, rated, REQUEST } from '../../support/scenarios/field-service/rating-events.ts';

const given = specOf(rating);
const at = (now: string, comment?: string) => (state: Rating) =>
  decideRateJob(state, { technician: 5, service: 4, comment }, now);
const BEFORE = '2026-07-17T02:59:59.999Z';

describe('rate a job', () => {
  it('is on record with both ratings, and a comment where there is one', () => {
    given(asked).when(at(BEFORE)).then(rated());
    given(asked, posted()).when(at(BEFORE, 'Rapi')).then(rated('Rapi'));
    given(asked).when(at(BEFORE, '')).then(rated());
  });
  it('is refused a second time, when its time is over, and with a link of nobody', () => {
    given(asked, rated()).when(at(BEFORE)).thenRefused('ALREADY_RATED');
    given(asked).when(at(REQUEST.expiresAt)).thenRefused('RATING_EXPIRED');
    given().when(at(BEFORE)).thenRefused('RATING_NOT_FOUND');
  });
  it('tells apart what came from the technician, once, and leaves the customer their turn', () => {
    const by = (who: string) => (state: Rating) =>
      decideRateJob(state, { technician: 5, service: 4 }, BEFORE, who);
    given(asked).when(by(tara.id)).then(rated(null, true));
    given(asked).when(by(sena.id)).then(rated());
    given(asked, rated(null, true)).when(by(tara.id)).thenRefused('ALREADY_RATED');
    given(asked, rated(null, true)).when(at(BEFORE)).then(rated());
    given(asked, rated(null, true), rated()).when(by(tara.id)).thenRefused('ALREADY_RATED');
  });
  it('takes whole stars from 1 to 5', () => {
    const isTaken = (technician: number) => rateJobInput.safeParse({ technician, service: 3 }).success;
    expect([0, 1, 5, 6, 2.5].map(isTaken)).to.deep.equal([false, true, true, false, false]);
  });
});
