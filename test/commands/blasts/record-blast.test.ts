import { expect } from 'chai';
import {
  decideBlastDone,
  decideBlastStop,
  decideRecipientAttempt,
  decideRecipientOutcome,
  decideRecipientSkip,
  type RecipientOutcome,
} from '../../../src/commands/blasts/record-blast.ts';
import { blast, type Blast } from '../../../src/domain/blasts/blast.ts';
import {
  accepted,
  approved,
  attempted,
  cancelled,
  created,
  deferred,
  done,
  failed,
  FIRST,
  MESSAGE,
  paused,
  RETRY_AT,
  resumed,
  SECOND,
  skipped,
  unknown,
} from '../../support/scenarios/blast-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, rina, tono, uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(blast);
const sending = [created(), approved()] as const;

describe('an attempt at a recipient', () => {
  const attempt =
    (about = FIRST) =>
    (state: Blast) =>
      decideRecipientAttempt(state, about, MESSAGE, 'text', null);

  it('is on record before the request, once', () =>
    given(...sending)
      .when(attempt())
      .thenOnce(attempted(FIRST)));
  it('counts on from the attempts before', () => {
    given(...sending, attempted(FIRST), deferred(FIRST))
      .when(attempt())
      .thenOnce(attempted(FIRST, 2));
    given(...sending, attempted(FIRST), deferred(FIRST), attempted(FIRST, 2), deferred(FIRST))
      .when(attempt())
      .then(attempted(FIRST, 3));
  });
  it('says in which form, and where an answer would come in', () =>
    given(...sending)
      .when((state) => decideRecipientAttempt(state, FIRST, MESSAGE, 'template', uuidOf(9)))
      .then({
        type: 'BlastRecipientAttempted',
        data: { ...FIRST, messageId: MESSAGE, form: 'template', attempt: 1, answersTo: uuidOf(9) },
      }));
  it('is not made twice after an outcome, whatever it was', () => {
    for (const event of [accepted(FIRST), failed(FIRST), unknown(FIRST)])
      given(...sending, attempted(FIRST), event)
        .when(attempt())
        .then();
    given(...sending, skipped(FIRST))
      .when(attempt())
      .then();
  });
  it('is not made unless the blast may send', () => {
    given().when(attempt()).then();
    given(created()).when(attempt()).then();
    given(...sending, paused(tono))
      .when(attempt())
      .then();
    given(...sending, cancelled)
      .when(attempt())
      .then();
    given(created(), approved('another content')).when(attempt()).then();
  });
  it('goes on after a pause', () =>
    given(...sending, paused(tono), resumed)
      .when(attempt())
      .then(attempted(FIRST)));
  it('is not made at somebody who is no recipient', () =>
    given(...sending)
      .when((state) =>
        decideRecipientAttempt(state, { ...FIRST, ticketId: uuidOf(1) }, MESSAGE, 'text', null),
      )
      .then());
});

describe('the outcome of an attempt', () => {
  const outcome = (of: RecipientOutcome) => (state: Blast) => decideRecipientOutcome(state, FIRST, of);
  const all = [
    [{ kind: 'accepted', channelMessageId: 'hash' }, accepted(FIRST)],
    [{ kind: 'deferred', code: '130429', retryAt: RETRY_AT, needsTemplate: true }, deferred(FIRST, true)],
    [{ kind: 'failed', code: '131026' }, failed(FIRST)],
    [{ kind: 'unknown', reason: 'timeout' }, unknown(FIRST)],
  ] as const;

  for (const [of, event] of all) {
    it(`${of.kind} is on record once`, () =>
      given(...sending, attempted(FIRST))
        .when(outcome(of))
        .thenOnce(event));
    it(`${of.kind} is on record also after a pause or a cancellation`, () => {
      given(...sending, attempted(FIRST), paused(tono))
        .when(outcome(of))
        .then(event);
      given(...sending, attempted(FIRST), cancelled)
        .when(outcome(of))
        .then(event);
    });
    it(`${of.kind} without an open attempt makes no event`, () => {
      given().when(outcome(of)).then();
      given(...sending)
        .when(outcome(of))
        .then();
      given(...sending, attempted(SECOND))
        .when(outcome(of))
        .then();
    });
  }
});

describe('a recipient who is skipped', () => {
  const skip = (state: Blast) => decideRecipientSkip(state, FIRST, 'window_closed');

  it('is on record once', () =>
    given(...sending)
      .when(skip)
      .thenOnce(skipped(FIRST, 'window_closed')));
  it('may have been deferred before', () =>
    given(...sending, attempted(FIRST), deferred(FIRST))
      .when(skip)
      .thenOnce(skipped(FIRST, 'window_closed')));
  it('is none who was attempted or has an outcome', () => {
    given(...sending, attempted(FIRST))
      .when(skip)
      .then();
    for (const event of [accepted(FIRST), failed(FIRST), unknown(FIRST)])
      given(...sending, attempted(FIRST), event)
        .when(skip)
        .then();
  });
  it('is none while the blast may not send, and none who is no recipient', () => {
    given().when(skip).then();
    given(created()).when(skip).then();
    given(...sending, paused(tono))
      .when(skip)
      .then();
    given(...sending)
      .when((state) => decideRecipientSkip(state, { ...FIRST, ticketId: uuidOf(1) }, 'opted_out'))
      .then();
  });
});

describe('a blast that the program stops', () => {
  const stop = (state: Blast) => decideBlastStop(state, '131042');

  it('is paused by nobody, and its creator and the approvers hear of it, once', () => {
    given(...sending)
      .when(stop)
      .thenOnce(paused(null, '131042'));
    given(...sending, attempted(FIRST))
      .when(stop)
      .thenOnce(paused(null, '131042'));
  });
  it('names a creator who may approve once', () => {
    const { state } = given(created({ creatorId: tono.id, approvers: [tono.id, rina.id] }), approved());
    const [event] = decideBlastStop(state, 'x');
    expect(event?.data).to.deep.include({ recipients: [tono.id, rina.id] });
  });
  it('is one that is sending', () => {
    given().when(stop).then();
    given(created()).when(stop).then();
    given(...sending, paused(ani))
      .when(stop)
      .then();
    given(...sending, cancelled)
      .when(stop)
      .then();
  });
});

describe('a blast', () => {
  it('is done when every recipient has an end, once', () => {
    given(...sending, attempted(FIRST), accepted(FIRST), skipped(SECOND))
      .when(decideBlastDone)
      .thenOnce(done);
    given(...sending, attempted(FIRST), failed(FIRST), attempted(SECOND), unknown(SECOND))
      .when(decideBlastDone)
      .thenOnce(done);
  });
  it('is not done while a recipient is planned, attempted or deferred', () => {
    const first = [attempted(FIRST), accepted(FIRST)] as const;
    given(...sending, ...first)
      .when(decideBlastDone)
      .then();
    given(...sending, ...first, attempted(SECOND))
      .when(decideBlastDone)
      .then();
    given(...sending, ...first, attempted(SECOND), deferred(SECOND))
      .when(decideBlastDone)
      .then();
  });
  it('is not done while it may not send', () => {
    given().when(decideBlastDone).then();
    given(...sending, skipped(FIRST), skipped(SECOND), paused(tono))
      .when(decideBlastDone)
      .then();
  });
});
