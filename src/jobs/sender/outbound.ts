/** The one door from events to channels. */
import type { Recorded } from '../../domain/codec.ts';
import type { OutboundMessage } from '../../ports.ts';

const OUTBOUND = ['AgentReplied', 'TeamReplied', 'QueueNoticePosted'] as const;
/** The L1 events by which the product itself speaks to a customer. The bot's own words were sent by the bot. */
export type Spoken = Extract<Recorded, { type: (typeof OUTBOUND)[number] }>;

export const isSpoken = (event: Recorded): event is Spoken =>
  (OUTBOUND as readonly string[]).includes(event.type);

/** The only place that makes one (domain.md, 'L2 never reaches a customer'); a test holds it to that. */
export function outboundOf(event: Spoken): OutboundMessage {
  const said = {
    id: event.data.messageId,
    text: event.data.content,
    signedAs: event.type === 'TeamReplied' ? event.data.displayName : null,
  };
  return said as OutboundMessage;
}
