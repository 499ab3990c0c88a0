/** Fetches one file, and says what became of it. */
import type { MediaEvent } from '../../domain/media/media.ts';
import type { Channel as ChannelName } from '../../domain/vocabulary.ts';
import { type Clock, type Files, FileTooLarge, type Logger, type MediaSource } from '../../ports.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import type { PendingDownload } from './pending-downloads.ts';

export interface FetchDeps {
  readonly sources: Readonly<Record<ChannelName, MediaSource | null>>;
  /** Our line for a message's talk, where a source has several. */
  readonly lineOf: (file: PendingDownload) => string | null;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Logger;
  readonly maxBytes: number;
  /** Lets so many fetch at once; a file that waits for a retry keeps nobody from their turn. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Milliseconds: first pause after a failure (doubled each time), longest pause, and when to give up for good. */
  readonly patience: { readonly first: number; readonly longest: number; readonly until: number };
}

/** As the file is named in FILES_DIR. */
export const fileKey = (id: string): string => `media/${id}`;

/** @returns the event to record; null when `signal` aborted first */
export async function fetchFile(
  deps: FetchDeps,
  file: PendingDownload,
  signal: AbortSignal,
): Promise<MediaEvent | null> {
  const { clock, patience, log } = deps;
  const { ticketId, division, messageId, channel, sentAt } = file.event.data;
  const about = { ticketId, division, messageId, index: file.index };
  const refused = (
    reason: Extract<MediaEvent, { type: 'AttachmentRefused' }>['data']['reason'],
  ): MediaEvent => {
    log.warn({ channel, ticketId, reason }, 'a file a customer sent cannot be kept');
    return { type: 'AttachmentRefused', data: { ...about, reason } };
  };
  for (let wait = patience.first; !signal.aborted; wait = Math.min(wait * 2, patience.longest)) {
    const got = await deps.inTurn(() => once(deps, file, signal));
    if (typeof got === 'string') return refused(got);
    if ('size' in got) return { type: 'AttachmentStored', data: { ...about, ...got } };
    if (clock.now().getTime() - Date.parse(sentAt) > patience.until) return refused('not_reachable');
    log.warn({ channel, ticketId, code: got.code, backoff: wait }, 'a file cannot be fetched yet');
    await sleep(wait, signal);
  }
  return null;
}

type Once =
  | 'gone'
  | 'too_large'
  | 'type_not_allowed'
  | { readonly mimeType: string; readonly size: number; readonly sha256: string }
  | { readonly code: string };

async function once(deps: FetchDeps, file: PendingDownload, signal: AbortSignal): Promise<Once> {
  const source = deps.sources[file.event.data.channel];
  if (source === null) return 'gone';
  const fetched = await source.fetch(file.attachment.mediaId, deps.lineOf(file), signal);
  if (fetched.kind === 'gone') return 'gone';
  if (fetched.kind === 'later') return { code: fetched.code };
  const key = fileKey(file.id);
  try {
    const { mimeType, size, sha256 } = await deps.files.write(key, fetched.content, deps.maxBytes);
    if (mimeType !== null) return { mimeType, size, sha256 };
    await deps.files.remove(key);
    return 'type_not_allowed';
  } catch (error) {
    if (error instanceof FileTooLarge) return 'too_large';
    const { code } = error as { code?: unknown };
    return { code: typeof code === 'string' ? code : 'interrupted' };
  }
}
