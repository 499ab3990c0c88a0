/** The only way from an event to a message for a channel. */
import type { Recorded } from '../../domain/codec.ts';
import type { OutboundMessage } from '../../ports.ts';

const OUTBOUND = ['AgentReplied', 'TeamReplied', 'QueueNoticePosted'] as const;
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
  const message: Pick<OutboundMessage, 'id' | 'text' | 'signedAs' | 'template'> = {
    id: event.data.messageId,
    text: event.data.content,
    signedAs: event.type === 'TeamReplied' ? event.data.displayName : null,
    ...(template && { template }),
  };
  return message as OutboundMessage;
}
