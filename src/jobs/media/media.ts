/** Fetches what customers send (whatsapp.md 3: media is only an id, and its address lives for minutes) and keeps it. */
import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import type { RecordMedia } from '../../commands/media/record-media.ts';
import type { EventStore, JobCheckpoints, Leases } from '../../ports.ts';
import { loadCheckpoint, saveCheckpointUntil } from '../../engine/jobs/subscription-checkpoint.ts';
import { retry } from '../../engine/jobs/retry.ts';
import { decodeOrSkip } from '../../engine/jobs/decode-or-skip.ts';
import { type FetchDeps, fetchFile } from './fetch.ts';
import { createPendingDownloads, type PendingDownload } from './pending-downloads.ts';

export interface MediaJobDeps extends Omit<FetchDeps, 'patience' | 'inTurn'> {
  readonly store: Pick<EventStore, 'subscribe' | 'storeId' | 'head'>;
  readonly record: RecordMedia;
  readonly checkpoints: JobCheckpoints;
  readonly leases: Leases;
  readonly patience?: FetchDeps['patience'];
  /** Files under way at once. Default 4. */
  readonly atOnce?: number;
}

/** A day, as with messages that cannot go out. */
const PATIENCE = { first: 1_000, longest: 300_000, until: 24 * 3_600_000 };

export interface MediaJob {
  /** Works while this process holds the lease `media`. */
  run(signal: AbortSignal): Promise<void>;
}

export const createMediaJob = (deps: MediaJobDeps): MediaJob => ({
  run: (signal) => deps.leases.hold('media', signal, (lease) => term(deps, lease.signal)),
});

async function term(deps: MediaJobDeps, lost: AbortSignal): Promise<void> {
  const { store, log } = deps;
  const from = await loadCheckpoint('media', deps);
  const ended = new AbortController();
  const stopping = AbortSignal.any([lost, ended.signal]);
  setMaxListeners(0, stopping);
  const wanted = createPendingDownloads(from.position);
  const patience = deps.patience ?? PATIENCE;
  const limit = pLimit(deps.atOnce ?? 4);
  const working = new Set<Promise<void>>();

  async function serve(file: PendingDownload): Promise<void> {
    const event = await fetchFile({ ...deps, patience, inTurn: limit }, file, stopping);
    if (event === null) return;
    const failed = (err: unknown, backoff: number): void => {
      log.warn({ err, backoff, job: 'media' }, 'a fetched file cannot be recorded: trying again');
    };
    const done = await retry(() => deps.record(event, file.event), { signal: stopping, failed });
    if (done !== 'left') wanted.settle(file.id);
  }
  function begin(files: readonly PendingDownload[]): void {
    for (const file of files) {
      const done = serve(file).finally(() => working.delete(done));
      working.add(done);
    }
  }

  const saving = saveCheckpointUntil('media', stopping, deps, from, () => wanted.checkpoint()).catch(
    (error: unknown) => {
      ended.abort();
      throw error;
    },
  );
  saving.catch(() => undefined); // awaited below, after the work
  try {
    let live = false;
    const filter = { streamPrefixes: ['conversation-', 'media-'] };
    for await (const batch of store.subscribe({ after: from.position, filter, signal: stopping })) {
      for (const stored of batch.events) {
        const event = decodeOrSkip(stored);
        const fresh = event ? wanted.see(event) : [];
        if (live) begin(fresh);
      }
      wanted.seenTo(batch.checkpoint);
      if (batch.caughtUp && !live) {
        live = true;
        begin(wanted.all());
      }
    }
  } finally {
    ended.abort();
    while (working.size > 0) await Promise.all(working);
  }
  await (
    await saving
  )();
}
