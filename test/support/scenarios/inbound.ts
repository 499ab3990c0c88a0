/** What comes in from a channel, in specs: a message of Budi on WhatsApp. */
import type { InboundMessage } from '../../../src/domain/inbound/inbound.ts';

/** The customer and the line that an inbound item is about. */
export const from = (over: Partial<InboundMessage> = {}) => ({
  division: 'sari' as const,
  channel: 'whatsapp' as const,
  userId: 'wa_6281234567890',
  businessScopedId: null,
  phone: '+6281234567890',
  userName: 'Budi Santoso',
  botId: 'sari',
  waPhoneId: 'PHONE_ID_001',
  waDisplayName: 'Saga Kargo',
  sentAt: '2026-07-03T03:30:00.000Z',
  isOfficeHours: null,
  ...over,
});

export const message = (id: string, over: Partial<InboundMessage> = {}): InboundMessage => ({
  ...from(),
  kind: 'message',
  channelMessageId: id,
  contentKind: 'text',
  content: `text of ${id}`,
  attachments: [],
  replyTo: null,
  ...over,
});
