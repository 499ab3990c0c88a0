import { expect } from 'chai';
import {
  blast,
  type Blast,
  type BlastEvent,
  isUnfinishedRecipient,
  maySend,
} from '../../../src/domain/blasts/blast.ts';
import {
  accepted,
  approved,
  attempted,
  BLAST,
  blastFacts,
  cancelled,
  created,
  deferred,
  done,
  failed,
  FIRST,
  HASH,
  MESSAGE,
  paused,
  rejected,
  resumed,
  RETRY_AT,
  SECOND,
  skipped,
  unknown,
} from '../../support/scenarios/blast-events.ts';
import { fold } from '../../support/scenarios/given.ts';
import { ani } from '../../support/scenarios/people.ts';

const after = (...events: BlastEvent[]): Blast => fold(blast, [created(), ...events]);
const recipient = (state: Blast, ticketId: string) =>
  state.status === 'absent' ? undefined : state.recipients.get(ticketId);

describe('a blast as its events leave it', () => {
  it('lives on a stream of its own', () => {
    expect(blast.stream(BLAST)).to.equal(`blast-${BLAST}`);
    expect(blast.category).to.equal('blast');
  });
  it('is pending, with every recipient planned, when it is created', () =>
    expect(after()).to.deep.equal({
      status: 'pending',
      facts: { ...blastFacts, hash: HASH },
      approved: null,
      pausedBy: null,
      recipients: new Map([
        [FIRST.ticketId, { status: 'planned' }],
        [SECOND.ticketId, { status: 'planned' }],
      ]),
    }));
  it('has the status of its last decision', () => {
    for (const [event, status] of [
      [approved(), 'approved'],
      [rejected(), 'rejected'],
      [paused(ani), 'paused'],
      [resumed, 'sending'],
      [cancelled, 'cancelled'],
      [done, 'done'],
    ] as const)
      expect(after(event).status, event.type).to.equal(status);
  });
  it('remembers what was approved and who paused it, until it goes on', () => {
    expect(after(approved())).to.include({ approved: HASH, pausedBy: null });
    expect(after(approved(), paused(ani))).to.include({ pausedBy: ani.id });
    expect(after(approved(), paused(null, 'x'))).to.include({ pausedBy: null });
    expect(after(approved(), paused(ani), resumed)).to.include({ approved: HASH, pausedBy: null });
  });
  it('is sending from its first attempt, and stays paused or cancelled whatever comes in after', () => {
    expect(after(approved(), attempted(FIRST)).status).to.equal('sending');
    expect(after(approved(), attempted(FIRST), accepted(FIRST)).status).to.equal('sending');
    expect(after(approved(), attempted(FIRST), paused(ani), accepted(FIRST)).status).to.equal('paused');
    expect(after(approved(), attempted(FIRST), cancelled, accepted(FIRST)).status).to.equal('cancelled');
  });
  it('knows of each recipient how far they came, with the attempts', () => {
    const attempt = { messageId: MESSAGE, attempts: 1 };
    for (const [event, state] of [
      [deferred(FIRST, true), { status: 'deferred', ...attempt, retryAt: RETRY_AT, needsTemplate: true }],
      [accepted(FIRST), { status: 'accepted', ...attempt }],
      [failed(FIRST), { status: 'failed', ...attempt }],
      [unknown(FIRST), { status: 'unknown', ...attempt }],
      [skipped(FIRST), { status: 'skipped' }],
    ] as const) {
      const now = after(approved(), attempted(FIRST), event);
      expect(recipient(now, FIRST.ticketId), event.type).to.deep.equal(state);
      expect(recipient(now, SECOND.ticketId)).to.deep.equal({ status: 'planned' });
    }
    expect(recipient(after(approved(), attempted(FIRST, 3, 'template')), FIRST.ticketId)).to.deep.equal({
      status: 'attempted',
      form: 'template',
      messageId: MESSAGE,
      attempts: 3,
    });
    // An outcome without an attempt is in no stream of ours; it counts none.
    expect(recipient(after(approved(), accepted(FIRST)), FIRST.ticketId)).to.deep.include({ attempts: 0 });
  });
  it('that was never created ignores every other event', () => {
    for (const event of [approved(), cancelled, attempted(FIRST)])
      expect(blast.evolve(blast.initial, event)).to.deep.equal({ status: 'absent' });
  });
});

describe('a blast may send', () => {
  it('while it is approved or sending, and only what was approved', () => {
    expect(maySend(after(approved()))).to.equal(true);
    expect(maySend(after(approved(), attempted(FIRST)))).to.equal(true);
    for (const state of [
      blast.initial,
      after(),
      after(approved('other')),
      after(approved('other'), attempted(FIRST)),
      after(approved(), paused(ani)),
      after(approved(), cancelled),
    ])
      expect(maySend(state)).to.equal(false);
  });
});

describe('a recipient', () => {
  it('is open until there is an outcome', () => {
    const attempt = { messageId: MESSAGE, attempts: 1 };
    expect(isUnfinishedRecipient({ status: 'planned' })).to.equal(true);
    expect(isUnfinishedRecipient({ status: 'attempted', form: 'text', ...attempt })).to.equal(true);
    expect(
      isUnfinishedRecipient({ status: 'deferred', retryAt: RETRY_AT, needsTemplate: false, ...attempt }),
    ).to.equal(true);
    for (const status of ['accepted', 'failed', 'unknown'] as const)
      expect(isUnfinishedRecipient({ status, ...attempt })).to.equal(false);
    expect(isUnfinishedRecipient({ status: 'skipped' })).to.equal(false);
  });
});
