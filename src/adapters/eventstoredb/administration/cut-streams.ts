/** Which streams have metadata, followed live: so that no new stream costs a look at its own. */
import { type AllStreamResolvedEvent, streamNameFilter } from '@eventstore/db-client';
import { createBackoff } from '../../../engine/jobs/backoff.ts';
import { sleep } from '../../../engine/jobs/sleep.ts';
import type { Clients } from '../clients.ts';
import { metadataStream } from './shortened.ts';

export interface CutStreams {
  /**
   * Whether it is known that nobody ever set metadata for a stream, without asking the server. False as well while that is
   * not known: then ask.
   */
  untouched(stream: string): boolean;
}

const PREFIX = metadataStream('');
/** Fewer questions are cheaper asked one by one: the server looks at the whole store for what is followed. */
const ASKED_BEFORE = 64;
/** Nothing is done at a checkpoint. */
const WINDOW = 4_096;
const PAUSE_MS = { firstMs: 100, mostMs: 5_000 };

/**
 * Follows the metadata of all streams from the first event of the store on, once it is asked often. What is known ends
 * with the connection: who answers next may be another store.
 */
export function createCutStreams(clients: Clients, closing: AbortSignal): CutStreams {
  let asked = 0;
  /** Streams with metadata of any kind; undefined: not known. */
  let known: ReadonlySet<string> | undefined;

  /** One connection, from its beginning to its end. */
  async function followOnce(progressed: () => void): Promise<void> {
    const found = new Set<string>();
    const following = clients.current().subscribeToAll({
      ...clients.callOptions,
      fromPosition: 'start',
      filter: streamNameFilter({ prefixes: [PREFIX], maxSearchWindow: WINDOW }),
    });
    const ending = new AbortController();
    const forget = clients.onReplaced(() => {
      ending.abort();
    });
    try {
      await new Promise<void>((resolve) => {
        const over = (): void => {
          known = undefined;
          resolve();
        };
        AbortSignal.any([ending.signal, closing]).addEventListener('abort', over);
        following.on('data', ({ event }: AllStreamResolvedEvent) => {
          if (event) found.add(event.streamId);
        });
        following.on('caughtUp', () => {
          known = found;
          progressed();
        });
        // Why it ended, the other calls find out and say.
        for (const end of ['error', 'end', 'close'] as const) following.on(end, over);
      });
    } finally {
      forget();
      // Rejects when the call never came to be.
      await following.unsubscribe().catch(() => undefined);
    }
  }

  async function follow(): Promise<void> {
    const backoff = createBackoff(PAUSE_MS);
    while (!closing.aborted) {
      await followOnce(backoff.reset);
      if (!closing.aborted) await sleep(backoff.next(), closing);
    }
  }

  return {
    untouched: (stream) => {
      asked += 1;
      if (asked === ASKED_BEFORE) void follow();
      return known?.has(metadataStream(stream)) === false;
    },
  };
}
