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
const REFUSED_BECAUSE = [
  'gone',
  'too_large',
  'type_not_allowed',
  'not_reachable',
  'infected',
  /** Too large for the scanner: nobody can say that it is harmless. */
  'not_scannable',
] as const;
export const AttachmentRefused = defineEvent('AttachmentRefused', {
  ...about,
  reason: z.enum(REFUSED_BECAUSE),
});
/**
 * It comes later: `quota`: the customer's of the day is used up, so it is not fetched yet; `scan`: it is here, and the scanner is away.
 * At most once for each file and reason.
 */
export const AttachmentDeferred = defineEvent('AttachmentDeferred', {
  ...about,
  reason: z.enum(['quota', 'scan']),
});

export const mediaEvents = [AttachmentStored, AttachmentRefused, AttachmentDeferred] as const;
export type MediaEvent = EventOf<(typeof mediaEvents)[number]>;

// ---------------------------------------------------------------- state

/** Which attachments of the message have an end, one way or the other. */
export interface Media {
  readonly settled: readonly number[];
  /** Which were put off, and why. */
  readonly deferred: readonly { readonly index: number; readonly reason: string }[];
}

export const media: Aggregate<Media, MediaEvent> = {
  category: 'media',
  stream: mediaStream,
  initial: { settled: [], deferred: [] },
  evolve: ({ settled, deferred }, { type, data }) =>
    type === 'AttachmentDeferred'
      ? { settled, deferred: [...deferred, { index: data.index, reason: data.reason }] }
      : { settled: [...settled, data.index], deferred },
};

/** No event when it has an end already, or was put off for this reason before. */
export function decideMedia({ settled, deferred }: Media, event: MediaEvent): readonly MediaEvent[] {
  const { type, data } = event;
  if (settled.includes(data.index)) return [];
  const known =
    type === 'AttachmentDeferred' &&
    deferred.some(({ index, reason }) => index === data.index && reason === data.reason);
  return known ? [] : [event];
}

/** Name of an attachment in addresses and of its file; the same for ever. */
export const attachmentId = (messageId: string, index: number): string => `${messageId}-${String(index)}`;

/** A place or a contact card is text: there is no file behind it. */
export const hasFile = ({ mediaId }: Attachment): boolean => mediaId !== null && mediaId !== '';

/** The name in FILES_DIR of the attachment, or the upload, with this id. */
export const fileKey = (id: string): string => `media/${id}`;
