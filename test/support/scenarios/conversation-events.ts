/** Short names for the events of a conversation in specs. */
import type { TemplatesBy } from '../../../src/domain/vocabulary.ts';
import type { ConversationEvent } from '../../../src/domain/conversation/conversation.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import { uuidOf } from './people.ts';
import { TICKET } from './ticket-events.ts';

export const WROTE_AT = '2026-07-01T10:00:00.000Z';
const about = { ticketId: TICKET, division: 'sari' } as const;

export const wrote = (
  sentAt = WROTE_AT,
  kind = 'text',
  messageId = uuidOf(0xbb),
): Extract<ConversationEvent, { type: 'MessageReceived' }> => ({
  type: 'MessageReceived',
  data: {
    ...about,
    messageId,
    content: 'Halo',
    sentAt,
    channel: 'whatsapp',
    channelMessageId: null,
    kind,
    senderName: 'Budi',
    attachments: [],
    replyTo: null,
  },
});
/** By a line that is named here, and how it takes templates. */
export const wroteBy = (templatesBy: TemplatesBy, sentAt = WROTE_AT): ConversationEvent => {
  const { type, data } = wrote(sentAt);
  return { type, data: { ...data, line: `line-${templatesBy}`, templatesBy } };
};

export const replied = (by: Caller, messageId = uuidOf(0xbc), sentAt = WROTE_AT): ConversationEvent => ({
  type: 'AgentReplied',
  data: { ...about, messageId, content: 'Baik', sentAt, agentId: by.id },
});
