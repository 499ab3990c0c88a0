/**
 * How one message of ours got to its channel (docs/design/business-rules.md#sending-to-a-channel). One stream per
 * message.
 */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { division } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

/**
 * A stream of its own per message: whether this very message was tried already is decided on a handful of events,
 * however long the conversation is, and a message of the customer in between changes nothing.
 */
export const deliveryStream = (messageId: string): string => `delivery-${messageId}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const about = { ticketId: z.uuid(), division, messageId: z.uuid() };

/** Written before every request to the channel: without an outcome after it, there is no further attempt. */
export const DeliveryAttempted = defineEvent('DeliveryAttempted', {
  ...about,
  attemptId: z.uuid(),
  /** 1 for the first. */
  attempt: z.int().positive(),
  /** Our line that it goes out on (docs/design/channels.md#lines); absent in old events. */
  line: z.string().optional(),
});
/** The channel took it. That is `sent`; the channel's reports bring further steps. */
export const DeliveryAccepted = defineEvent(
  'DeliveryAccepted',
  {
    ...about,
    /** Null where the channel gives none. */
    channelMessageId: z.string().nullable(),
    /** The same as the channel says it, to quote the message; absent in old events. */
    channelRef: z.string().optional(),
  },
  { personal: ['channelRef'] },
);
/** The channel did not take it, and may later. */
export const DeliveryDeferred = defineEvent('DeliveryDeferred', {
  ...about,
  code: z.string(),
  retryAt: z.iso.datetime(),
});
export const DeliveryFailed = defineEvent(
  'DeliveryFailed',
  {
    ...about,
    /** The channel's error code, or one of ours (`expired`, `no_recipient`). */
    code: z.string(),
    /** The channel's error text. */
    reason: z.string().nullable(),
  },
  { personal: ['reason'] },
);
const UNKNOWN_BECAUSE = [
  'timeout',
  'connection_lost',
  'unreadable_answer',
  'interrupted',
  'restored',
] as const;
/** It was sent or not; only a report of the channel can say which. */
export const DeliveryLeftUnknown = defineEvent('DeliveryLeftUnknown', {
  ...about,
  reason: z.enum(UNKNOWN_BECAUSE),
});

export const deliveryEvents = [
  DeliveryAttempted,
  DeliveryAccepted,
  DeliveryDeferred,
  DeliveryFailed,
  DeliveryLeftUnknown,
] as const;
export type DeliveryEvent = EventOf<(typeof deliveryEvents)[number]>;

// ---------------------------------------------------------------- state

export type Delivery =
  | { readonly status: 'untried'; readonly attempts: 0 }
  | ({ readonly status: 'attempted'; readonly attemptId: string } & MessageAttempt)
  | ({ readonly status: 'deferred'; readonly retryAt: string } & MessageAttempt)
  | ({ readonly status: 'accepted' | 'failed' | 'unknown' } & MessageAttempt);

interface MessageAttempt {
  /** The ticket of the message: a channel report finds its conversation by it, also on an old ticket. */
  readonly ticketId: string;
  readonly attempts: number;
}

const initial: Delivery = { status: 'untried', attempts: 0 };

// ---------------------------------------------------------------- evolve

function evolve({ attempts }: Delivery, { type, data }: DeliveryEvent): Delivery {
  const { ticketId } = data;
  switch (type) {
    case 'DeliveryAttempted':
      return { status: 'attempted', ticketId, attempts: data.attempt, attemptId: data.attemptId };
    case 'DeliveryDeferred':
      return { status: 'deferred', ticketId, attempts, retryAt: data.retryAt };
    case 'DeliveryAccepted':
      return { status: 'accepted', ticketId, attempts };
    case 'DeliveryFailed':
      return { status: 'failed', ticketId, attempts };
    case 'DeliveryLeftUnknown':
      return { status: 'unknown', ticketId, attempts };
  }
}

export const delivery: Aggregate<Delivery, DeliveryEvent> = {
  category: 'delivery',
  stream: deliveryStream,
  initial,
  evolve,
};
