import {
  decideDeliveryAttempt,
  decideDeliveryGiveUp,
  decideDeliveryOutcome,
  type DeliveryOutcome,
} from '../../../src/commands/outbound/record-delivery.ts';
import { delivery, type Delivery, type DeliveryEvent } from '../../../src/domain/outbound/delivery.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';
import { TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(delivery);
const about = { ticketId: TICKET, division: 'sari', messageId: uuidOf(7) } as const;
const RETRY_AT = '2026-07-03T11:00:00.000Z';

const attempted = (attempt = 1, attemptId = uuidOf(8)): DeliveryEvent => ({
  type: 'DeliveryAttempted',
  data: { ...about, attemptId, attempt, line: 'PHONE_ID_001' },
});
const accepted: DeliveryEvent = { type: 'DeliveryAccepted', data: { ...about, channelMessageId: 'hash' } };
const deferred: DeliveryEvent = {
  type: 'DeliveryDeferred',
  data: { ...about, code: '130429', retryAt: RETRY_AT },
};
const failed = (code: string, reason: string | null = null): DeliveryEvent => ({
  type: 'DeliveryFailed',
  data: { ...about, code, reason },
});
const leftUnknown = (reason: 'timeout' | 'restored'): DeliveryEvent => ({
  type: 'DeliveryLeftUnknown',
  data: { ...about, reason },
});

describe('an attempt to deliver', () => {
  const attempt = (state: Delivery) => decideDeliveryAttempt(state, about, uuidOf(8), 'PHONE_ID_001');

  it('is on record before the request, once', () => given().when(attempt).thenOnce(attempted()));
  it('counts on after a deferral', () => given(attempted(), deferred).when(attempt).thenOnce(attempted(2)));
  it('is not made while one is open, nor after its outcome', () => {
    given(attempted(1, uuidOf(9)))
      .when(attempt)
      .then();
    for (const end of [accepted, failed('131026'), leftUnknown('timeout')])
      given(attempted(), end).when(attempt).then();
  });
});

describe('the outcome of an attempt to deliver', () => {
  const outcome = (of: DeliveryOutcome) => (state: Delivery) => decideDeliveryOutcome(state, about, of);
  const ACCEPTED = { kind: 'accepted', channelMessageId: 'hash' } as const;
  const FAILED = { kind: 'failed', code: '131026', reason: 'Undeliverable' } as const;
  const DEFERRED = { kind: 'deferred', code: '130429', retryAt: RETRY_AT } as const;
  const UNKNOWN = { kind: 'unknown', reason: 'timeout' } as const;
  const RESTORED = { kind: 'unknown', reason: 'restored' } as const;

  it('is on record once', () => {
    given(attempted()).when(outcome(ACCEPTED)).thenOnce(accepted);
    given(attempted()).when(outcome(FAILED)).thenOnce(failed('131026', 'Undeliverable'));
    given(attempted()).when(outcome(DEFERRED)).thenOnce(deferred);
    given(attempted()).when(outcome(UNKNOWN)).thenOnce(leftUnknown('timeout'));
    given(attempted()).when(outcome(RESTORED)).thenOnce(leftUnknown('restored'));
  });
  it('that is known for sure still counts after the message was given up as unknown, and is not tried again', () => {
    const givenUp = [attempted(), leftUnknown('timeout')] as const;
    given(...givenUp)
      .when(outcome(ACCEPTED))
      .thenOnce(accepted);
    given(...givenUp)
      .when(outcome(FAILED))
      .thenOnce(failed('131026', 'Undeliverable'));
    given(...givenUp)
      .when(outcome(DEFERRED))
      .thenOnce(failed('130429'));
    given(...givenUp)
      .when(outcome(UNKNOWN))
      .then();
  });
  it('without an attempt makes no event', () => {
    for (const of of [ACCEPTED, FAILED, DEFERRED, UNKNOWN]) {
      given().when(outcome(of)).then();
      given(attempted(), deferred).when(outcome(of)).then();
    }
  });
  it('is unknown for what waits when the store was restored from a backup, once', () => {
    given().when(outcome(RESTORED)).thenOnce(leftUnknown('restored'));
    given(attempted(), deferred).when(outcome(RESTORED)).thenOnce(leftUnknown('restored'));
  });
  it('does not change once it is accepted or failed', () => {
    for (const end of [accepted, failed('131026')])
      for (const of of [ACCEPTED, FAILED, DEFERRED, UNKNOWN, RESTORED])
        given(attempted(), end).when(outcome(of)).then();
  });
});

describe('a message that is given up', () => {
  const giveUp = (state: Delivery) => decideDeliveryGiveUp(state, about, 'expired');

  it('has failed, once', () => {
    given().when(giveUp).thenOnce(failed('expired'));
    given(attempted(), deferred).when(giveUp).thenOnce(failed('expired'));
  });
  it('is none that is being tried or has an outcome', () => {
    for (const end of [accepted, failed('131026'), leftUnknown('timeout')])
      given(attempted(), end).when(giveUp).then();
    given(attempted()).when(giveUp).then();
  });
});
