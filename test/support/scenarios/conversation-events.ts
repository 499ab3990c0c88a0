/** Short names for the events of a conversation in specs. */
import type { ConversationEvent } from '../../../src/domain/conversation/conversation.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import { uuidOf } from './people.ts';
import { TICKET } from './ticket-events.ts';

export const WROTE_AT = '2026-07-01T10:00:00.000Z';
const about = { ticketId: TICKET, division: 'sari' } as const;

export const wrote = (sentAt = WROTE_AT, kind = 'text', messageId = uuidOf(0xbb)): ConversationEvent => ({
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
export const replied = (by: Caller, messageId = uuidOf(0xbc), sentAt = WROTE_AT): ConversationEvent => ({
  type: 'AgentReplied',
  data: { ...about, messageId, content: 'Baik', sentAt, agentId: by.id },
});
