import { expect } from 'chai';
import { clampTimestamp } from '../../../src/commands/inbound/clamp-timestamp.ts';

const RECEIVED_AT = '2026-07-03T03:30:00.000Z';
const clamped = (sentAt: string) => clampTimestamp({ sentAt, content: 'Halo' }, RECEIVED_AT);

describe('the time of an inbound item', () => {
  it('is kept up to one hour after it came in: clocks go wrong by minutes', () => {
    for (const sentAt of ['2026-07-03T04:30:00.000Z', RECEIVED_AT, '2026-06-30T03:30:00.000Z'])
      expect(clamped(sentAt)).to.deep.equal({ sentAt, content: 'Halo' });
  });
  it('is the time of arrival beyond that', () =>
    expect(clamped('2026-07-03T04:30:00.001Z')).to.deep.equal({ sentAt: RECEIVED_AT, content: 'Halo' }));
});
