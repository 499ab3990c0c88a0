/** The only way from an event to a message for a channel. */
import type { Recorded } from '../../domain/codec.ts';
import { fileKey } from '../../domain/media/media.ts';
import type { SentFile } from '../../domain/vocabulary.ts';
import type { OutboundMessage } from '../../ports.ts';

const OUTBOUND = [
  'AgentReplied',
  'TeamReplied',
  'QueueNoticePosted',
  'RegistrationReplyPosted',
  'TranscriptLinkPosted',
] as const;
/** The L1 events by which the product itself speaks to a customer. What the bot says, the bot sends itself. */
export type PostedEvent = Extract<Recorded, { type: (typeof OUTBOUND)[number] }>;

export const isPostedEvent = (event: Recorded): event is PostedEvent =>
  (OUTBOUND as readonly string[]).includes(event.type);

/** A blast's message is on L1 too; the blast executor sends it, at its own pace. */
export type PostedMessage = Extract<Recorded, { type: 'BlastMessagePosted' }>;

/**
 * The only place that makes an `OutboundMessage` (docs/design/business-rules.md#l2-never-reaches-a-customer); a test
 * holds it to that.
 */
export function outboundOf(event: PostedEvent | PostedMessage): OutboundMessage {
  const template = 'template' in event.data ? event.data.template : null;
  const [file] = ('attachments' in event.data ? event.data.attachments : undefined) ?? [];
  const quotes = 'quoteRef' in event.data ? event.data.quoteRef : undefined;
  const message: Pick<OutboundMessage, 'id' | 'text' | 'signedAs' | 'template' | 'file' | 'quotes'> = {
    id: event.data.messageId,
    text: event.data.content,
    signedAs: event.type === 'TeamReplied' ? event.data.displayName : null,
    ...(template && { template }),
    ...(file && { file: { ...fileOf(file), ticketId: event.data.ticketId } }),
    ...(quotes !== undefined && { quotes }),
  };
  return message as OutboundMessage;
}

const fileOf = ({
  kind,
  mediaId,
  mimeType,
  fileName,
  size,
  caption,
}: SentFile): Omit<NonNullable<OutboundMessage['file']>, 'ticketId'> => ({
  key: fileKey(mediaId),
  ...{ kind, mimeType, size, caption },
  name: fileName ?? mediaId,
});

/** What a super admin sends to a phone of their own to see whether a line works: fixed words, and nothing of anybody's talk. */
export const testMessage = (id: string): OutboundMessage => {
  const message: Pick<OutboundMessage, 'id' | 'text' | 'signedAs'> = {
    id,
    text: 'Pesan uji dari Saga: jalur ini dapat mengirim pesan.',
    signedAs: null,
  };
  return message as OutboundMessage;
};
