import { expect } from 'chai';
import {
  decidePostRatingLink,
  decideRequestRating,
  isReminderDue,
} from '../../../src/commands/ratings/request-rating.ts';
import { rating, type Rating } from '../../../src/domain/ratings/rating.ts';
import { fold, specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';
import { asked, posted, rated, REQUEST } from '../../support/scenarios/field-service/rating-events.ts';

const given = specOf(rating);
const link = { messageId: uuidOf(0xd1) };

describe('ask for a rating', () => {
  it('is done once for each job', () =>
    given()
      .when((state) => decideRequestRating(state, REQUEST))
      .thenOnce(asked));
  it('posts the link once and one reminder, and says why it could not', () => {
    const post = (isReminder: boolean) => (state: Rating) => decidePostRatingLink(state, link, isReminder);
    given(asked).when(post(false)).thenOnce(posted());
    given(asked, posted())
      .when(post(true))
      .thenOnce(posted({ isReminder: true }));
    given(asked)
      .when((state) => decidePostRatingLink(state, { because: 'opted_out' }, false))
      .thenOnce(posted({ linkMessageId: null, because: 'opted_out' }));
    given(asked, posted(), rated()).when(post(true)).then();
    given().when(post(false)).then();
  });
  it('reminds after three days, while nothing is rated and the link is good', () => {
    const due = (now: string, ...more: Parameters<typeof fold<Rating, typeof asked>>[1]) =>
      isReminderDue(fold(rating, [asked, posted(), ...more]), now);
    expect(due('2026-07-06T02:59:59.000Z')).to.equal(false);
    expect(due('2026-07-06T03:00:00.000Z')).to.equal(true);
    expect(due('2026-07-06T03:00:00.000Z', rated())).to.equal(false);
    expect(due('2026-07-06T03:00:00.000Z', posted({ isReminder: true }))).to.equal(false);
    expect(due(REQUEST.expiresAt)).to.equal(false);
  });
});
