/**
 * What providers keep of a customer, found in the customer's own streams while these can still be read
 * (docs/erasure.md#at-the-providers).
 */
import { decode, type Recorded, UndecodableEvent } from '../../domain/codec.ts';
import { conversationStream } from '../../domain/conversation/conversation.ts';
import { customerStream } from '../../domain/customers/customer.ts';
import { deliveryStream } from '../../domain/outbound/delivery.ts';
import type {
  EventStore,
  ProviderEraser,
  ProviderErasures,
  ProviderTraces,
  RememberAtProviders,
} from '../../ports.ts';

export interface TracesDeps {
  readonly store: Pick<EventStore, 'read'>;
  /** Null: this line's provider cannot be asked. */
  readonly eraserOf: (channel: string, line: string) => ProviderEraser | null;
  readonly erasures: Pick<ProviderErasures, 'add'>;
}

const PAGE = 500;

async function* eventsOf(store: TracesDeps['store'], stream: string): AsyncIterable<Recorded> {
  for (let from = 0n; ; from += BigInt(PAGE)) {
    const page = await store.read(stream, { from, limit: PAGE });
    for (const stored of page) {
      try {
        yield decode(stored);
      } catch (error) {
        // What cannot be read is no reason to keep the rest: the erasure job reports it.
        if (!(error instanceof UndecodableEvent)) throw error;
      }
    }
    if (page.length < PAGE) return;
  }
}

/** The ids of messages by the line that they came or went by. */
type ByLine = Map<string, Set<string>>;

async function refsOf(store: TracesDeps['store'], ticketId: string, found: ByLine): Promise<void> {
  const note = (line: string | undefined, ref: string | undefined): void => {
    if (line === undefined) return;
    const refs = found.get(line) ?? new Set<string>();
    if (ref !== undefined) refs.add(ref);
    found.set(line, refs);
  };
  for await (const { type, data } of eventsOf(store, conversationStream(ticketId))) {
    if (type === 'MessageReceived') note(data.line, data.channelRef);
    else if (type === 'RepliedElsewhere') note(data.line, undefined);
    else if (type !== 'DeliveryReported' && 'messageId' in data && data.messageId !== undefined) {
      let line: string | undefined;
      for await (const sent of eventsOf(store, deliveryStream(data.messageId))) {
        if (sent.type === 'DeliveryAttempted') ({ line } = sent.data);
        if (sent.type === 'DeliveryAccepted') note(line, sent.data.channelRef);
      }
    }
  }
}

/** The names that their channel had for them, without our prefix. */
async function namesOf(store: TracesDeps['store'], customerKey: string, customerId: string) {
  const names = new Set<string>();
  let channel: string | null = null;
  for await (const { type, data } of eventsOf(store, customerStream(customerKey))) {
    if (!('customerId' in data) || data.customerId !== customerId) continue;
    if (type === 'CustomerRegistered') ({ channel } = data);
    if ('channelUserId' in data) names.add(data.channelUserId.slice(data.channelUserId.indexOf('_') + 1));
  }
  return { channel, userIds: [...names] };
}

export const rememberAtProviders =
  ({ store, eraserOf, erasures }: TracesDeps): RememberAtProviders =>
  async ({ customerId, customerKey, ticketIds }) => {
    const { channel, userIds } = await namesOf(store, customerKey, customerId);
    if (channel === null) return;
    const found: ByLine = new Map();
    for (const ticketId of ticketIds) await refsOf(store, ticketId, found);
    const traces = [...found].flatMap(([line, refs]): ProviderTraces[] => {
      const targets = eraserOf(channel, line)?.targetsOf({ userIds, messageRefs: [...refs] }) ?? [];
      return targets.length === 0 ? [] : [{ customerId, channel, line, targets }];
    });
    await erasures.add(traces);
  };
