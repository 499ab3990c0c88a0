/** Files that customers sent and that nobody has fetched yet, as the events tell it. In memory. */
import type { Recorded } from '../../domain/codec.ts';
import { attachmentId, hasFile } from '../../domain/media/media.ts';
import type { Attachment } from '../../domain/vocabulary.ts';
import type { Position } from '../../ports.ts';

type Received = Extract<Recorded, { type: 'MessageReceived' }>;

export interface PendingDownload {
  readonly id: string;
  readonly event: Received;
  readonly index: number;
  readonly attachment: Attachment & { readonly mediaId: string };
  /** A place before it in the store. */
  readonly before: Position;
}

export interface PendingDownloads {
  /** @returns the files that this event is the first to name */
  see(event: Recorded): readonly PendingDownload[];
  seenTo(position: Position): void;
  settle(id: string): void;
  all(): readonly PendingDownload[];
  /** Nothing at or before it needs to be read again. */
  checkpoint(): Position;
}

export function createPendingDownloads(start: Position): PendingDownloads {
  /** In commit order. */
  const wanted = new Map<string, PendingDownload>();
  let seen = start;

  function filesOf(event: Received, before: Position): PendingDownload[] {
    return event.data.attachments.flatMap((attachment, index) => {
      const { mediaId } = attachment;
      if (mediaId === null || !hasFile(attachment)) return [];
      const id = attachmentId(event.data.messageId, index);
      return [{ id, event, index, attachment: { ...attachment, mediaId }, before }];
    });
  }

  return {
    see: (event) => {
      const before = seen;
      seen = event.position;
      if (event.type === 'AttachmentStored' || event.type === 'AttachmentRefused')
        wanted.delete(attachmentId(event.data.messageId, event.data.index));
      if (event.type !== 'MessageReceived') return [];
      const fresh = filesOf(event, before).filter(({ id }) => !wanted.has(id));
      for (const file of fresh) wanted.set(file.id, file);
      return fresh;
    },
    seenTo: (position) => {
      if (position > seen) seen = position;
    },
    settle: (id) => {
      wanted.delete(id);
    },
    all: () => [...wanted.values()],
    checkpoint: () => {
      const oldest = wanted.values().next();
      return oldest.done === true ? seen : oldest.value.before;
    },
  };
}
