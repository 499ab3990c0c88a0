import { expect } from 'chai';
import { responseDeadlineOf } from '../../../src/commands/routing/response-deadline.ts';

describe('the deadline of the first answer', () => {
  it('is so many minutes after the assignment, and none without a limit', () => {
    expect(responseDeadlineOf('2026-07-03T23:50:00.000Z', 15)).to.deep.equal({
      replyBy: '2026-07-04T00:05:00.000Z',
    });
    expect(responseDeadlineOf('2026-07-03T23:50:00.000Z', null)).to.deep.equal({});
  });
});
