/** Files that were put to a ticket, to be sent to its customer (docs/design/api.md#files-to-a-customer). One stream for each ticket. */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { division, sentFile } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const uploadStream = (ticketId: string): string => `upload-${ticketId}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

/** Its bytes are on the disk, and the scanner has nothing against them. */
export const FileUploaded = defineEvent(
  'FileUploaded',
  {
    ticketId: z.uuid(),
    division,
    /** `media/<id>` is its key. */
    mediaId: z.uuid(),
    uploaderId: z.uuid(),
    kind: sentFile.shape.kind,
    /** What the bytes are. */
    mimeType: z.string(),
    /** Bytes. */
    size: z.int().nonnegative(),
    sha256: z.string(),
    fileName: z.string().nullable(),
  },
  { personal: ['fileName'] },
);

export const uploadEvents = [FileUploaded] as const;
export type UploadEvent = EventOf<(typeof uploadEvents)[number]>;

// ---------------------------------------------------------------- state

export type UploadedFile = Pick<
  EventOf<typeof FileUploaded>['data'],
  'mediaId' | 'kind' | 'mimeType' | 'size' | 'fileName'
>;

/** The newest ones: what was uploaded long ago is uploaded again. */
export interface Uploads {
  readonly files: readonly UploadedFile[];
}

const MOST_KEPT = 256;

// ---------------------------------------------------------------- evolve

export const uploads: Aggregate<Uploads, UploadEvent> = {
  category: 'upload',
  stream: uploadStream,
  initial: { files: [] },
  tail: MOST_KEPT,
  evolve: ({ files }, event) => {
    if ((event.type as string) !== 'FileUploaded') return { files };
    const { mediaId, kind, mimeType, size, fileName } = event.data;
    return { files: [...files.slice(1 - MOST_KEPT), { mediaId, kind, mimeType, size, fileName }] };
  },
};
