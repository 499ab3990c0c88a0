/** A message of a talk by our id, from the events: the read tables may not have it yet. */
import { decode, type Recorded } from '../../domain/codec.ts';
import { conversationStream, saysSomething } from '../../domain/conversation/conversation.ts';
import { deliveryStream } from '../../domain/outbound/delivery.ts';
import type { EventStore } from '../../ports.ts';

const PAGE = 256;

/** The talk from its newest event back. @throws StoreUnavailable, UndecodableEvent */
export async function* backwards(store: Pick<EventStore, 'read'>, ticketId: string): AsyncIterable<Recorded> {
  let from: bigint | undefined;
  for (;;) {
    const page = await store.read(conversationStream(ticketId), {
      direction: 'backwards',
      limit: PAGE,
      ...(from !== undefined && { from }),
    });
    for (const stored of page) yield decode(stored);
    const oldest = page.at(-1);
    if (!oldest || oldest.revision === 0n) return;
    from = oldest.revision - 1n;
  }
}

/** What a quote needs to know of the message that it quotes. */
export interface Quote {
  readonly messageId: string;
  /** As its channel names it; null: not known, so the quote is in our record only. */
  readonly ref: string | null;
}

/** @returns null: the talk has no such message. @throws StoreUnavailable, UndecodableEvent */
export async function findQuoted(
  store: Pick<EventStore, 'read'>,
  ticketId: string,
  messageId: string,
): Promise<Quote | null> {
  for await (const event of backwards(store, ticketId)) {
    // A report on a message names it, too.
    if (event.type === 'DeliveryReported') continue;
    if (!('messageId' in event.data) || event.data.messageId !== messageId) continue;
    if (event.type === 'MessageReceived') {
      const { kind, channelRef = null } = event.data;
      // The channel knows a reaction or a deletion by no id of its own.
      return { messageId, ref: saysSomething(kind) ? channelRef : null };
    }
    const steps = (await store.read(deliveryStream(messageId))).map((stored) => decode(stored));
    const taken = steps.find((step) => step.type === 'DeliveryAccepted');
    return { messageId, ref: taken?.data.channelRef ?? null };
  }
  return null;
}
