/** Fetches one file, and returns the event that says what became of it. */
import { fileKey, type MediaEvent } from '../../domain/media/media.ts';
import type { Channel as ChannelName } from '../../domain/vocabulary.ts';
import { type Clock, type Files, FileTooLarge, type Logger, type MediaSource } from '../../ports.ts';
import { type BackoffOptions, createBackoff } from '../../engine/jobs/backoff.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import type { PendingDownload } from './pending-downloads.ts';

export interface FetchDeps {
  readonly sources: Readonly<Record<ChannelName, MediaSource | null>>;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Logger;
  readonly maxBytes: number;
  /** Lets so many fetch at once; a file that waits for its next try blocks no other. */
  readonly limited: <T>(work: () => Promise<T>) => Promise<T>;
  /** Pauses between tries, and how old a message may be before its file is given up, in milliseconds. */
  readonly patience: BackoffOptions & { readonly untilMs: number };
}

/**
 * @param begun since when it may be fetched, ms since 1970; a file that was put off is not too old for its first try
 * @returns the event to record; null when `signal` aborted first
 */
export async function fetchFile(
  deps: FetchDeps,
  file: PendingDownload,
  begun: number,
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
  const backoff = createBackoff(patience);
  while (!signal.aborted) {
    const fetched = await deps.limited(() => fetchOnce(deps, file, signal));
    if (typeof fetched === 'string') return refused(fetched);
    if ('size' in fetched) return { type: 'AttachmentStored', data: { ...about, ...fetched } };
    if (clock.now().getTime() - Math.max(begun, Date.parse(sentAt)) > patience.untilMs)
      return refused('not_reachable');
    const wait = backoff.next();
    log.warn({ channel, ticketId, code: fetched.code, backoff: wait }, 'a file cannot be fetched yet');
    await sleep(wait, signal);
  }
  return null;
}

/** `code`: it did not work now, and may work later. */
type FetchResult =
  | 'gone'
  | 'too_large'
  | { readonly mimeType: string; readonly size: number; readonly sha256: string }
  | { readonly code: string };

async function fetchOnce(deps: FetchDeps, file: PendingDownload, signal: AbortSignal): Promise<FetchResult> {
  // It was fetched before a restart, and has no end yet: the channel may not have it any more.
  const kept = await deps.files.look(fileKey(file.id));
  if (kept?.mimeType) return { ...kept, mimeType: kept.mimeType };
  const source = deps.sources[file.event.data.channel];
  if (source === null) return 'gone';
  const { line = null, division } = file.event.data;
  const fetched = await source.fetch(file.attachment.mediaId, { line, division }, signal);
  if (fetched.kind === 'gone') return 'gone';
  if (fetched.kind === 'later') return { code: fetched.code };
  const key = fileKey(file.id);
  try {
    return await deps.files.write(key, fetched.content, deps.maxBytes);
  } catch (error) {
    if (error instanceof FileTooLarge) return 'too_large';
    const { code } = error as { code?: unknown };
    return { code: typeof code === 'string' ? code : 'interrupted' };
  }
}
