/**
 * Fetches what customers send (docs/design/whatsapp.md#media: media is only an id, and its address lives for minutes)
 * and keeps it.
 */
import pLimit from 'p-limit';
import { UndecodableEvent } from '../../domain/codec.ts';
import type { MediaEvent } from '../../domain/media/media.ts';
import type { RecordMedia } from '../../commands/media/record-media.ts';
import {
  createReactor,
  type Reaction,
  type ReactorDeps,
  type ReactorRun,
} from '../../engine/jobs/reactor.ts';
import { retry } from '../../engine/jobs/retry.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { JobCheckpoints } from '../../ports.ts';
import { type FetchDeps, fetchFile } from './fetch.ts';
import { scanFile, type ScanDeps } from './scan.ts';
import { createPendingDownloads, type PendingDownload } from './pending-downloads.ts';
import { createQuotaGate, type QuotaDeps, type QuotaPlace } from './quota.ts';

export interface MediaJobDeps
  extends
    ReactorDeps,
    Omit<FetchDeps, 'patience' | 'limited' | 'log'>,
    Omit<QuotaDeps, 'store'>,
    Pick<ScanDeps, 'scanner' | 'observer'> {
  readonly store: ReactorDeps['store'] & QuotaDeps['store'];
  readonly record: RecordMedia;
  readonly checkpoints: JobCheckpoints;
  readonly patience?: FetchDeps['patience'];
  /** Files under way at once. Default 4. */
  readonly atOnce?: number;
}

/** A day, as with messages that cannot go out. */
const PATIENCE = { firstMs: 1_000, mostMs: 300_000, untilMs: 24 * 3_600_000 };

/** Holds the lease `media`. */
export const createMediaJob = (deps: MediaJobDeps): Job =>
  createReactor(deps, {
    name: 'media',
    streamPrefixes: ['conversation-', 'media-'],
    position: { checkpoints: deps.checkpoints, firstRun: 'first event', wrongStore: 'stay off' },
    start: (run) => downloads(deps, run),
  });

function downloads(deps: MediaJobDeps, { signal, skip }: ReactorRun): Reaction {
  const pending = createPendingDownloads();
  const patience = deps.patience ?? PATIENCE;
  const gate = createQuotaGate(deps);
  const limit = pLimit(deps.atOnce ?? 4);
  const working = new Set<Promise<void>>();

  const stubborn = <T>(work: () => Promise<T>): Promise<T | 'left'> =>
    retry(work, {
      signal,
      isFinal: (err) => err instanceof UndecodableEvent,
      failed: (err, backoff) => {
        deps.log.warn(
          { err, backoff, job: 'media' },
          'a file of a customer cannot be recorded: trying again',
        );
      },
    });

  /** @returns when it may be fetched at last; 'left': aborted first */
  async function placeFor({
    event,
    index,
  }: PendingDownload): Promise<{ place: QuotaPlace; begun: number } | 'left'> {
    const { ticketId, division, messageId, sentAt } = event.data;
    let begun = Date.parse(sentAt);
    for (;;) {
      const day = gate.today();
      const place = await stubborn(() => gate.take(ticketId));
      if (place === 'left') return 'left';
      if (place !== null) return { place, begun };
      deps.log.warn({ ticketId, job: 'media' }, "a customer's media quota of the day is used up: files wait");
      const put = { ticketId, division, messageId, index, reason: 'quota' } as const;
      await stubborn(() => deps.record({ type: 'AttachmentDeferred', data: put }, event));
      await gate.dayAfter(day, signal);
      if (signal.aborted) return 'left';
      begun = deps.clock.now().getTime();
    }
  }

  /** What to record of a file that was fetched; null: aborted first. */
  async function scanned(file: PendingDownload, fetched: MediaEvent): Promise<MediaEvent | null> {
    const { scanner } = deps;
    if (scanner === null || fetched.type !== 'AttachmentStored') return fetched;
    const { ticketId, division, messageId } = file.event.data;
    const put = { ticketId, division, messageId, index: file.index, reason: 'scan' } as const;
    return scanFile(
      { ...deps, scanner, patience, limited: limit },
      file.id,
      fetched,
      () => stubborn(() => deps.record({ type: 'AttachmentDeferred', data: put }, file.event)),
      signal,
    );
  }

  async function download(file: PendingDownload): Promise<void> {
    try {
      const may = await placeFor(file);
      if (may === 'left') return;
      const fetched = await fetchFile({ ...deps, patience, limited: limit }, file, may.begun, signal);
      if (fetched?.type === 'AttachmentStored') await stubborn(() => gate.add(may.place, fetched.data.size));
      const event = fetched && (await scanned(file, fetched));
      if (event === null) return;
      if ((await stubborn(() => deps.record(event, file.event))) === 'left') return;
    } catch (error) {
      if (!(error instanceof UndecodableEvent)) throw error;
      skip(error);
    }
    pending.settle(file.id);
  }
  function begin(files: readonly PendingDownload[]): void {
    for (const file of files) {
      const done = download(file).finally(() => working.delete(done));
      working.add(done);
    }
  }

  return {
    handle: (event, { before, isLive }) => {
      const fresh = pending.see(event, before);
      if (isLive) begin(fresh);
    },
    // Only at the end of what is on record is it known which files have been fetched.
    caughtUp: (isFirst) => {
      if (isFirst) begin(pending.all());
    },
    unsettledFrom: pending.oldest,
    drain: async () => {
      while (working.size > 0) await Promise.all(working);
    },
  };
}
