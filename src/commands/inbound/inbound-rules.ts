/** What follows from the kind of an inbound item, without a look into the store. */
import { saysSomething } from '../../domain/conversation/conversation.ts';
import type { InboundItem, InboundMessage } from '../../domain/inbound/inbound.ts';
import type { Actor } from '../../ports.ts';

/**
 * What says nothing neither opens nor reopens a ticket (docs/design/business-rules.md#what-says-nothing).
 */
export const opensTicket = ({ contentKind: kind }: Pick<InboundMessage, 'contentKind'>): boolean =>
  saysSomething(kind);

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
      item.businessScopedId === first.businessScopedId &&
      item.userName === first.userName &&
      item.changedTo === undefined;
    if (!isSame) break;
    run.push(item);
  }
  return run;
}

/** Who is on the events that an item makes. */
export function actorOf({ kind }: Pick<InboundItem, 'kind'>): Actor {
  if (kind === 'message') return { kind: 'customer' };
  return kind === 'status' || kind === 'template_status' || kind === 'opted_out' || kind === 'said_elsewhere'
    ? { kind: 'system', process: 'channel' }
    : { kind: 'bot' };
}
