/** Files at a channel: what an answer says of one that it keeps, and ours on their way to it (docs/design/channels.md#files-that-go-out). */
import type { ChannelForm, Fetched, Files, OutboundMessage, SendOutcome } from '../ports.ts';

/** It will never be there (again). */
export const GONE: Fetched = { kind: 'gone' };

/** Refused for the token or the rate: try again later. Not there: never. */
export const fetchedOf = (status: number): Fetched =>
  status >= 500 || [401, 403, 408, 429].includes(status)
    ? { kind: 'later', code: `http_${String(status)}` }
    : GONE;

type OutboundFile = NonNullable<OutboundMessage['file']>;

/** A hundred megabytes take their time. */
export const UPLOAD_MS = 300_000;

/** Its customer was erased meanwhile. */
export const FILE_GONE: SendOutcome = {
  kind: 'refused',
  code: 'file_gone',
  reason: null,
  retryAfterMs: null,
  isTransient: false,
};

/** Of an upload that shows a customer nothing: whatever became of it, it may be done again. */
export const UPLOAD_FAILED: SendOutcome = {
  kind: 'refused',
  code: 'upload_failed',
  reason: null,
  retryAfterMs: null,
  isTransient: true,
};

/** @param make the request, with the file as its form has it. @returns null: the file is not here any more */
export async function withFile<T>(
  files: Pick<Files, 'open'>,
  { key, name, mimeType }: OutboundFile,
  field: string,
  make: (file: ChannelForm['file']) => Promise<T>,
): Promise<T | null> {
  const opened = await files.open(key);
  if (opened === null) return null;
  const { size, content } = opened;
  try {
    return await make({ field, name, mimeType, size, content });
  } finally {
    content.destroy();
  }
}
