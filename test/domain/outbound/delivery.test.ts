import { expect } from 'chai';
import { delivery, type DeliveryEvent } from '../../../src/domain/outbound/delivery.ts';
import { fold } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';
import { TICKET } from '../../support/scenarios/ticket-events.ts';

const about = { ticketId: TICKET, division: 'sari', messageId: uuidOf(7) } as const;
const attempted: DeliveryEvent = {
  type: 'DeliveryAttempted',
  data: { ...about, attemptId: uuidOf(8), attempt: 3 },
};

describe('a delivery as its events leave it', () => {
  it('lives on a stream of its message', () => {
    expect(delivery.stream(uuidOf(7))).to.equal(`delivery-${uuidOf(7)}`);
    expect(delivery.category).to.equal('delivery');
    expect(delivery.initial).to.deep.equal({ status: 'untried', attempts: 0 });
  });
  it('knows its ticket, its attempts and how far it came', () => {
    const known = { ticketId: TICKET, attempts: 3 };
    const retryAt = '2026-07-03T11:00:00.000Z';
    for (const [event, state] of [
      [null, { status: 'attempted', attemptId: uuidOf(8), ...known }],
      [
        { type: 'DeliveryAccepted', data: { ...about, channelMessageId: null } },
        { status: 'accepted', ...known },
      ],
      [
        { type: 'DeliveryDeferred', data: { ...about, code: 'x', retryAt } },
        { status: 'deferred', retryAt, ...known },
      ],
      [
        { type: 'DeliveryFailed', data: { ...about, code: 'x', reason: null } },
        { status: 'failed', ...known },
      ],
      [
        { type: 'DeliveryLeftUnknown', data: { ...about, reason: 'timeout' } },
        { status: 'unknown', ...known },
      ],
    ] as const)
      expect(fold(delivery, event === null ? [attempted] : [attempted, event])).to.deep.equal(state);
  });
});
