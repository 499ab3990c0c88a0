/** Files that customers sent: fetched from their channel, or refused. One stream for each message. */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import type { Attachment } from '../vocabulary.ts';
import { division } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const mediaStream = (messageId: string): string => `media-${messageId}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const about = {
  ticketId: z.uuid(),
  division,
  messageId: z.uuid(),
  /** Place among the attachments of its message, from 0. */
  index: z.int().nonnegative(),
};

export const AttachmentStored = defineEvent('AttachmentStored', {
  ...about,
  /** What the bytes are, not what the sender called them. */
  mimeType: z.string(),
  /** Bytes. */
  size: z.int().nonnegative(),
  sha256: z.string(),
});
const REFUSED_BECAUSE = ['gone', 'too_large', 'type_not_allowed', 'not_reachable'] as const;
export const AttachmentRefused = defineEvent('AttachmentRefused', {
  ...about,
  reason: z.enum(REFUSED_BECAUSE),
});
/** It will be fetched, later: the customer's quota of the day is used up. At most once for each file. */
export const AttachmentDeferred = defineEvent('AttachmentDeferred', {
  ...about,
  reason: z.enum(['quota']),
});

export const mediaEvents = [AttachmentStored, AttachmentRefused, AttachmentDeferred] as const;
export type MediaEvent = EventOf<(typeof mediaEvents)[number]>;

// ---------------------------------------------------------------- state

/** Which attachments of the message have an end, one way or the other. */
export interface Media {
  readonly settled: readonly number[];
  /** Which were put off. */
  readonly deferred: readonly number[];
}

export const media: Aggregate<Media, MediaEvent> = {
  category: 'media',
  stream: mediaStream,
  initial: { settled: [], deferred: [] },
  evolve: ({ settled, deferred }, { type, data }) =>
    type === 'AttachmentDeferred'
      ? { settled, deferred: [...deferred, data.index] }
      : { settled: [...settled, data.index], deferred },
};

/** No event when it has an end already, or was put off before. */
export function decideMedia({ settled, deferred }: Media, event: MediaEvent): readonly MediaEvent[] {
  const { index } = event.data;
  if (settled.includes(index)) return [];
  return event.type === 'AttachmentDeferred' && deferred.includes(index) ? [] : [event];
}

/** Name of an attachment in addresses and of its file; the same for ever. */
export const attachmentId = (messageId: string, index: number): string => `${messageId}-${String(index)}`;

/** A place or a contact card is text: there is no file behind it. */
export const hasFile = ({ mediaId }: Attachment): boolean => mediaId !== null && mediaId !== '';
