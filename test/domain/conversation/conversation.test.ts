import { expect } from 'chai';
import {
  conversation,
  type ConversationEvent,
  isWritten,
  reportKey,
} from '../../../src/domain/conversation/conversation.ts';
import { internalNotes } from '../../../src/domain/conversation/internal-notes.ts';
import { replied, wrote, WROTE_AT } from '../../support/scenarios/conversation-events.ts';
import { fold } from '../../support/scenarios/given.ts';
import { ani, budi, rina, uuidOf } from '../../support/scenarios/people.ts';
import { TICKET } from '../../support/scenarios/ticket-events.ts';

const about = { ticketId: TICKET, division: 'sari', content: 'Halo', sentAt: WROTE_AT } as const;
const bot = (messageId: string): ConversationEvent => ({
  type: 'BotReplied',
  data: { ...about, messageId, channelMessageId: null, confidence: null },
});

describe('a conversation as its events leave it', () => {
  it('lives on a stream next to its ticket, apart from the internal notes', () => {
    expect(conversation.stream(TICKET)).to.equal(`conversation-${TICKET}`);
    expect(conversation.category).to.equal('conversation');
    expect(internalNotes.stream(TICKET)).to.equal(`internal-${TICKET}`);
    expect(internalNotes.category).to.equal('internal');
    expect(internalNotes.tail).to.equal(1);
    expect(internalNotes.evolve(internalNotes.initial, {} as never)).to.equal(internalNotes.initial);
  });
  it('knows when the customer wrote last, whatever order the messages come in', () => {
    const at = (...events: ConversationEvent[]) => fold(conversation, events).lastCustomerMessageAt;
    const earlier = '2026-06-30T10:00:00.000Z';
    const inJakarta = '2026-07-01T17:00:00.001+07:00';
    expect(at()).to.equal(null);
    expect(at(wrote())).to.equal(WROTE_AT);
    expect(at(wrote(), wrote(earlier))).to.equal(WROTE_AT);
    expect(at(wrote(earlier), wrote())).to.equal(WROTE_AT);
    expect(at(wrote(), wrote(inJakarta))).to.equal(inJakarta);
    expect(at(wrote(), wrote('2026-07-02T10:00:00.000Z', 'system'))).to.equal(WROTE_AT);
    expect(at(bot(uuidOf(1)))).to.equal(null);
  });
  it('knows which agents have answered with what, and what of it the channel says failed', () => {
    const after = (...events: ConversationEvent[]) => fold(conversation, events);
    expect(after(wrote(), bot(uuidOf(1))).replies).to.deep.equal([]);
    const [one, two] = [uuidOf(3), uuidOf(4)];
    expect(after(replied(ani, one), replied(budi, two)).replies).to.deep.equal([
      { agentId: ani.id, messageId: one },
      { agentId: budi.id, messageId: two },
    ]);
    const report = (status: 'sent' | 'failed' | 'delivered', messageId?: string): ConversationEvent => ({
      type: 'DeliveryReported',
      data: {
        ...{ ticketId: about.ticketId, division: about.division, channelMessageId: 'w', status, error: null },
        ...(messageId !== undefined && { messageId }),
        reportedAt: WROTE_AT,
      },
    });
    expect(after(report('failed', one), report('failed', two), report('sent', one)).failed).to.deep.equal([
      one,
      two,
    ]);
    expect(
      after(report('failed', one), report('failed', one), report('delivered', one)).failed,
    ).to.deep.equal([]);
    expect(after(report('failed')).failed).to.deep.equal([]);
  });
  it('knows what was sent again', () => {
    const first = replied(ani, uuidOf(3));
    const again = {
      ...first,
      data: { ...first.data, messageId: uuidOf(4), resendOf: uuidOf(3) },
    } as ConversationEvent;
    expect(fold(conversation, [first, again]).resent).to.deep.equal([uuidOf(3)]);
  });
  it('knows whether the customer was told that they wait', () => {
    const notice: ConversationEvent = {
      type: 'QueueNoticePosted',
      data: { ...about, messageId: uuidOf(1) },
    };
    expect(fold(conversation, [wrote()]).noticed).to.equal(false);
    expect(fold(conversation, [notice])).to.deep.include({ noticed: true, seen: [uuidOf(1)] });
  });
  it('remembers every kind of entry', () => {
    const events: ConversationEvent[] = [
      wrote(WROTE_AT, 'text', uuidOf(1)),
      bot(uuidOf(2)),
      replied(ani, uuidOf(3)),
      {
        type: 'TeamReplied',
        data: { ...about, messageId: uuidOf(4), senderId: rina.id, displayName: 'x', notifiedAgentId: null },
      },
      {
        type: 'BlastMessagePosted',
        data: {
          ...about,
          messageId: uuidOf(5),
          blastId: uuidOf(6),
          senderId: rina.id,
          senderRole: 'x',
          template: null,
        },
      },
      {
        type: 'DeliveryReported',
        data: {
          ticketId: TICKET,
          division: 'sari',
          channelMessageId: 'w1',
          status: 'read',
          error: null,
          reportedAt: WROTE_AT,
        },
      },
    ];
    expect(fold(conversation, events).seen).to.deep.equal([
      ...[1, 2, 3, 4, 5].map(uuidOf),
      reportKey('w1', 'read'),
    ]);
    expect(reportKey('w1', 'read')).to.equal('w1 read');
  });
  it('remembers the last 256 entries, and folds no more than those', () => {
    const events = Array.from({ length: 300 }, (_, n) => bot(uuidOf(n)));
    const last = Array.from({ length: 256 }, (_, n) => uuidOf(n + 44));
    expect(fold(conversation, events).seen).to.deep.equal(last);
    expect(conversation.tail).to.equal(256);
  });
  it('ignores what it does not know', () => {
    const state = fold(conversation, [wrote()]);
    expect(conversation.evolve(state, { type: 'SomethingNew', data: {} } as never)).to.equal(state);
  });
});

describe('what a customer wrote', () => {
  it('is everything but a changed number and a message taken back', () =>
    expect(['text', 'image', 'reaction', 'system', 'deleted'].map(isWritten)).to.deep.equal([
      true,
      true,
      true,
      false,
      false,
    ]));
});
