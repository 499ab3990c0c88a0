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

/**
 * How many of a customer's next items one append may hold: messages under the same names, from one that opens a ticket
 * (docs/design/reliability.md#fair-ingestion).
 */
export function togetherFrom(items: readonly InboundItem[]): readonly InboundMessage[] {
  const first = items[0];
  if (first?.kind !== 'message' || !opensTicket(first)) return [];
  const run: InboundMessage[] = [];
  for (const item of items) {
    const isSame =
      item.kind === 'message' &&
      item.division === first.division &&
      item.userId === first.userId &&
      item.businessScopedId === first.businessScopedId;
    if (!isSame) break;
    run.push(item);
  }
  return run;
}

/** Who is on the events that an item makes. */
export function actorOf({ kind }: Pick<InboundItem, 'kind'>): Actor {
  if (kind === 'message') return { kind: 'customer' };
  return kind === 'status' || kind === 'template_status' || kind === 'opted_out'
    ? { kind: 'system', process: 'channel' }
    : { kind: 'bot' };
}
