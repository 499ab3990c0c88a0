import {
  decideBotReply,
  decideDeliveryReport,
  decideElsewhere,
  decideMessage,
} from '../../../src/commands/inbound/conversation-entries.ts';
import {
  conversation,
  type Conversation,
  type ConversationEvent,
} from '../../../src/domain/conversation/conversation.ts';
import type { Inbound } from '../../../src/domain/inbound/inbound.ts';
import { from, message } from '../../support/scenarios/inbound.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';
import { TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(conversation);
const about = { ticketId: TICKET, division: 'sari' } as const;
const ID = uuidOf(7);

describe('a message of a customer', () => {
  it('is on record once', () =>
    given()
      .when((talk) => decideMessage(talk, message('m1', { replyTo: 'm0' }), TICKET, ID))
      .thenOnce({
        type: 'MessageReceived',
        data: {
          ...about,
          messageId: ID,
          channel: 'whatsapp',
          channelMessageId: 'm1',
          kind: 'text',
          content: 'text of m1',
          senderName: 'Budi Santoso',
          attachments: [],
          replyTo: 'm0',
          sentAt: '2026-07-03T03:30:00.000Z',
        },
      }));
});

describe('a reply of the bot', () => {
  it('is on record once', () =>
    given()
      .when((talk) =>
        decideBotReply(
          talk,
          { ...from(), kind: 'bot_message', channelMessageId: 'b1', content: 'Halo', confidence: 0.9 },
          TICKET,
          ID,
        ),
      )
      .thenOnce({
        type: 'BotReplied',
        data: {
          ...about,
          messageId: ID,
          channelMessageId: 'b1',
          content: 'Halo',
          confidence: 0.9,
          sentAt: '2026-07-03T03:30:00.000Z',
        },
      }));
});

describe('a delivery report', () => {
  const report = (over: object = {}): Extract<Inbound, { kind: 'status' }> => ({
    ...from(),
    kind: 'status',
    channelMessageId: 'w1',
    status: 'delivered',
    error: null,
    ...over,
  });
  const told =
    (over: object = {}) =>
    (talk: Conversation) =>
      decideDeliveryReport(talk, report(over), TICKET);
  const reported = (over: object = {}): ConversationEvent => ({
    type: 'DeliveryReported',
    data: {
      ...about,
      channelMessageId: 'w1',
      status: 'delivered',
      error: null,
      reportedAt: '2026-07-03T03:30:00.000Z',
      ...over,
    },
  });

  it('is on record once for each step of a message', () => {
    given().when(told()).thenOnce(reported());
    given(reported())
      .when(told({ status: 'read' }))
      .thenOnce(reported({ status: 'read' }));
    given(reported())
      .when(told({ channelMessageId: 'w2' }))
      .thenOnce(reported({ channelMessageId: 'w2' }));
  });
  it('names our own message where the channel does, and keeps the error', () =>
    given()
      .when(told({ messageId: ID, status: 'failed', error: '131026 Undeliverable' }))
      .thenOnce(reported({ messageId: ID, status: 'failed', error: '131026 Undeliverable' })));
});

describe('what the company said elsewhere', () => {
  const echo = (content: string): Extract<Inbound, { kind: 'said_elsewhere' }> => ({
    ...from(),
    kind: 'said_elsewhere',
    channelMessageId: 'e1',
    contentKind: 'text',
    content,
    attachments: [],
    by: 'phone',
    line: 'PHONE_ID_001',
  });
  const said: ConversationEvent = {
    type: 'RepliedElsewhere',
    data: {
      ...about,
      messageId: ID,
      channelMessageId: 'e1',
      content: 'Harga Rp 500.000',
      attachments: [],
      sentAt: '2026-07-03T03:30:00.000Z',
      by: 'phone',
      kind: 'text',
      line: 'PHONE_ID_001',
    },
  };
  const ours: ConversationEvent = {
    type: 'QueueNoticePosted',
    data: { ...about, messageId: uuidOf(8), content: 'Mohon tunggu', sentAt: '2026-07-03T03:29:00.000Z' },
  };

  it('is in the talk once', () =>
    given()
      .when((talk) => decideElsewhere(talk, echo('Harga Rp 500.000'), TICKET, ID))
      .thenOnce(said));
  it('is not what our own sender just said, with or without its name in front', () => {
    for (const content of ['Mohon tunggu', 'Saga Team:\nMohon tunggu'])
      given(ours)
        .when((talk) => decideElsewhere(talk, echo(content), TICKET, ID))
        .then();
  });
});
