/** Shows a file that was fetched to the scanner before anybody may have it (docs/design/business-rules.md#customer-files). */
import { fileKey, type MediaEvent } from '../../domain/media/media.ts';
import { type BackoffOptions, createBackoff } from '../../engine/jobs/backoff.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import type { Files, FileScanner, Logger, ScanVerdict } from '../../ports.ts';

export interface ScanDeps {
  /** null: files are not scanned. */
  readonly scanner: FileScanner | null;
  readonly files: Pick<Files, 'open' | 'remove'>;
  readonly log: Logger;
  /** Lets so many be scanned at once; a file that waits for its next try blocks no other. */
  readonly limited: <T>(work: () => Promise<T>) => Promise<T>;
  /** Pauses between tries. There is no last one: the file is here, and the scanner comes back. */
  readonly patience: BackoffOptions;
  readonly observer?: ScanObserver;
}

export interface ScanObserver {
  scanned(verdict: ScanVerdict['kind']): void;
  /** One more file waits for the scanner (1), or one less (-1). */
  waits(by: 1 | -1): void;
}

type StoredFile = Extract<MediaEvent, { type: 'AttachmentStored' }>;

/**
 * @param id of the attachment
 * @param stored what is to be recorded if the file is harmless
 * @param waits called once, when the scanner is away
 * @returns what to record; null when `signal` aborted first: the file stays where it is, and nobody gets it
 */
export async function scanFile(
  deps: ScanDeps & { readonly scanner: FileScanner },
  id: string,
  stored: StoredFile,
  waits: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<MediaEvent | null> {
  const { files, log, patience, observer } = deps;
  const { ticketId, division, messageId, index } = stored.data;
  const about = { ticketId, division, messageId, index };
  const backoff = createBackoff(patience);
  let isWaiting = false;
  try {
    while (!signal.aborted) {
      const verdict = await deps.limited(() => scanOnce(deps, id, signal));
      if (verdict === null) return { type: 'AttachmentRefused', data: { ...about, reason: 'gone' } };
      observer?.scanned(verdict.kind);
      if (verdict.kind === 'clean') return stored;
      if (verdict.kind !== 'away') {
        const reason = verdict.kind === 'infected' ? 'infected' : 'not_scannable';
        const found = verdict.kind === 'infected' ? verdict.found : undefined;
        log.warn({ ticketId, reason, found }, 'a file a customer sent is not kept');
        await files.remove(fileKey(id));
        return { type: 'AttachmentRefused', data: { ...about, reason } };
      }
      if (signal.aborted) break;
      if (!isWaiting) {
        isWaiting = true;
        observer?.waits(1);
        await waits();
      }
      const wait = backoff.next();
      log.warn({ ticketId, code: verdict.code, backoff: wait }, 'the scanner is away: a file waits');
      await sleep(wait, signal);
    }
    return null;
  } finally {
    if (isWaiting) observer?.waits(-1);
  }
}

/** @returns null: the file is not here any more, because its customer was erased */
async function scanOnce(
  { scanner, files }: ScanDeps & { readonly scanner: FileScanner },
  id: string,
  signal: AbortSignal,
): Promise<ScanVerdict | null> {
  const file = await files.open(fileKey(id));
  if (file === null) return null;
  try {
    return await scanner.scan(file.content as AsyncIterable<Uint8Array>, signal);
  } finally {
    file.content.destroy();
  }
}
