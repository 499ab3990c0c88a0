import {
  decideNightCompleted,
  decideRecommendations,
} from '../../../src/commands/follow-ups/recommend-follow-ups.ts';
import {
  type FollowUpEvent,
  followUpNight,
  type FollowUpNight,
  type Recommendation,
} from '../../../src/domain/follow-ups/follow-up-night.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(followUpNight);
const night = { division: 'sari', night: '2026-07-03' } as const;
const lead = (n: number): Recommendation => ({
  ticketId: uuidOf(n),
  category: 'PANAS',
  rule: 'proposal_idle',
  reason: 'Proposal sudah 3 hari tanpa respons',
});
const recommended = (...leads: Recommendation[]): FollowUpEvent => ({
  type: 'FollowUpsRecommended',
  data: { ...night, leads },
});
const completed = (count: number): FollowUpEvent => ({
  type: 'FollowUpNightCompleted',
  data: { ...night, count },
});

describe('the recommendations of a night', () => {
  const recommend =
    (...leads: Recommendation[]) =>
    (state: FollowUpNight) =>
      decideRecommendations(state, 'sari', '2026-07-03', leads);

  it('are on record once', () =>
    given()
      .when(recommend(lead(1), lead(2)))
      .thenOnce(recommended(lead(1), lead(2))));
  it('name only tickets that the night has not named yet', () =>
    given(recommended(lead(1)))
      .when(recommend(lead(1), lead(2)))
      .thenOnce(recommended(lead(2))));
  it('that are none make no event', () => given().when(recommend()).then());
  it('end with the night', () =>
    given(recommended(lead(1)), completed(1))
      .when(recommend(lead(2)))
      .then());
});

describe('the end of a night', () => {
  const complete = (state: FollowUpNight) => decideNightCompleted(state, 'sari', '2026-07-03');

  it('counts what it recommended, once', () => {
    given(recommended(lead(1)), recommended(lead(2), lead(3)))
      .when(complete)
      .thenOnce(completed(3));
    given().when(complete).thenOnce(completed(0));
  });
});
