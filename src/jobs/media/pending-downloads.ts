/** Files that customers sent and that are not fetched yet, as the events show. In memory. */
import type { Recorded } from '../../domain/codec.ts';
import { attachmentId, hasFile } from '../../domain/media/media.ts';
import type { Attachment } from '../../domain/vocabulary.ts';
import type { Position } from '../../ports.ts';

type ReceivedMessage = Extract<Recorded, { type: 'MessageReceived' }>;

export interface PendingDownload {
  readonly id: string;
  readonly event: ReceivedMessage;
  readonly index: number;
  readonly attachment: Attachment & { readonly mediaId: string };
  /** A position before its event. */
  readonly before: Position;
}

export interface PendingDownloads {
  /**
   * @param before a position before the event
   * @returns the files that this event is the first to name
   */
  see(event: Recorded, before: Position): readonly PendingDownload[];
  settle(id: string): void;
  all(): readonly PendingDownload[];
  /** `before` of the oldest one; undefined: there is none. */
  oldest(): Position | undefined;
}

export function createPendingDownloads(): PendingDownloads {
  /** In commit order. */
  const pending = new Map<string, PendingDownload>();

  function filesOf(event: ReceivedMessage, before: Position): PendingDownload[] {
    return event.data.attachments.flatMap((attachment, index) => {
      const { mediaId } = attachment;
      if (mediaId === null || !hasFile(attachment)) return [];
      const id = attachmentId(event.data.messageId, index);
      return [{ id, event, index, attachment: { ...attachment, mediaId }, before }];
    });
  }

  return {
    see: (event, before) => {
      if (event.type === 'AttachmentStored' || event.type === 'AttachmentRefused')
        pending.delete(attachmentId(event.data.messageId, event.data.index));
      if (event.type !== 'MessageReceived') return [];
      const fresh = filesOf(event, before).filter(({ id }) => !pending.has(id));
      for (const file of fresh) pending.set(file.id, file);
      return fresh;
    },
    settle: (id) => {
      pending.delete(id);
    },
    all: () => [...pending.values()],
    oldest: () => pending.values().next().value?.before,
  };
}
