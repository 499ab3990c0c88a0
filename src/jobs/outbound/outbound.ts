/** The one door from events to channels. */
import type { Recorded } from '../../domain/codec.ts';
import type { OutboundMessage } from '../../ports.ts';

const OUTBOUND = ['AgentReplied', 'TeamReplied', 'QueueNoticePosted'] as const;
/** The L1 events by which the product itself speaks to a customer. The bot's own words were sent by the bot. */
export type PostedEvent = Extract<Recorded, { type: (typeof OUTBOUND)[number] }>;

export const isPostedEvent = (event: Recorded): event is PostedEvent =>
  (OUTBOUND as readonly string[]).includes(event.type);

/** A blast's message is said on L1 too, and sent by the blast's own executor, at its own pace. */
export type PostedMessage = Extract<Recorded, { type: 'BlastMessagePosted' }>;

/** The only place that makes one (domain.md, 'L2 never reaches a customer'); a test holds it to that. */
export function outboundOf(event: PostedEvent | PostedMessage): OutboundMessage {
  const template = 'template' in event.data ? event.data.template : null;
  const said: Pick<OutboundMessage, 'id' | 'text' | 'signedAs' | 'template'> = {
    id: event.data.messageId,
    text: event.data.content,
    signedAs: event.type === 'TeamReplied' ? event.data.displayName : null,
    ...(template && { template }),
  };
  return said as OutboundMessage;
}
