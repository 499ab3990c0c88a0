/** What follows from the kind of an inbound item, without a look into the store. */
import { isWritten } from '../../domain/conversation/conversation.ts';
import type { InboundItem, InboundMessage } from '../../domain/inbound/inbound.ts';
import type { Actor } from '../../ports.ts';

/**
 * A reaction or an edit is about an earlier message: it neither opens nor reopens a ticket
 * (docs/design/whatsapp.md#message-types).
 */
export const opensTicket = ({ contentKind: kind }: Pick<InboundMessage, 'contentKind'>): boolean =>
  isWritten(kind) && kind !== 'reaction' && kind !== 'edited';

/** Who is on the events that an item makes. */
export function actorOf({ kind }: Pick<InboundItem, 'kind'>): Actor {
  if (kind === 'message') return { kind: 'customer' };
  return kind === 'status' || kind === 'template_status' || kind === 'opted_out'
    ? { kind: 'system', process: 'channel' }
    : { kind: 'bot' };
}
