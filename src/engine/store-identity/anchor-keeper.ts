/** Keeps the newest anchor on record as the store goes on, and one a minute or per 1,000 events for longer. */
import { type Logger, type Sql, type StoreLook, StoreUnavailable } from '../../ports.ts';
import { type Anchor, findAnchor, noteAnchor, pruneAnchors } from './anchors.ts';

export interface AnchorKeeper {
  /** The newest one that this process has seen; null: none since the store was last found to be another one. */
  readonly newest: Anchor | null;
  /** From here on the store is known to be the right one. `onRecord`: the newest anchor there. */
  begin(look: Pick<StoreLook, 'read' | 'shortened'>, onRecord: Anchor | null): void;
  /** @param events how many were handled with it */
  see(anchor: Anchor, events: number): void;
  /** What this process has seen may be of another store. */
  forget(): void;
  close(): Promise<void>;
}

/** What is younger than this is not on record yet, as with the checkpoints of jobs. */
const EVERY_MS = 250;
const RETRY_MS = 1_000;
const LASTING_MS = 60_000;
const LASTING_EVENTS = 1_000;
const PRUNE_MS = 3_600_000;

/** @param options.lost called when the anchor on record is not where it was any more */
export function createAnchorKeeper(options: {
  readonly database: Sql;
  readonly logger: Logger;
  readonly lost: () => void;
}): AnchorKeeper {
  const { database, logger, lost } = options;
  let look: Pick<StoreLook, 'read' | 'shortened'> | undefined;
  let newest: Anchor | null = null;
  let onRecord: Anchor | null = null;
  let events = 0;
  let lastingAt = -Infinity;
  let prunedAt = -Infinity;
  let writtenAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let isClosed = false;

  async function write(): Promise<void> {
    const anchor = newest;
    if (!anchor || !look || anchor === onRecord) return;
    // Before the one on record gives way: in a store that was exchanged under an open connection, only that one tells.
    if (onRecord && (await findAnchor(look, onRecord)) === 'gone') {
      newest = null;
      lost();
      return;
    }
    const now = performance.now();
    const isLasting = events >= LASTING_EVENTS || now - lastingAt >= LASTING_MS;
    await noteAnchor(database, anchor, isLasting);
    onRecord = anchor;
    writtenAt = now;
    if (!isLasting) return;
    events = 0;
    lastingAt = now;
    if (now - prunedAt < PRUNE_MS) return;
    prunedAt = now;
    await pruneAnchors(database);
  }

  function schedule(milliseconds: number): void {
    if (timer || writing || isClosed) return;
    timer = setTimeout(() => {
      timer = undefined;
      writing = write()
        .catch((err: unknown) => {
          if (!(err instanceof StoreUnavailable))
            logger.error({ err }, 'an anchor of the event store is not kept');
          return RETRY_MS;
        })
        .then((retryMs) => {
          writing = undefined;
          if (newest && newest !== onRecord) schedule(retryMs ?? EVERY_MS);
        });
    }, milliseconds);
  }

  return {
    get newest() {
      return newest;
    },
    begin: (at, known) => {
      look = at;
      if (known && known.position > (onRecord?.position ?? '')) onRecord = known;
    },
    see: (anchor, count) => {
      events += count;
      const furthest = newest ?? onRecord;
      if (furthest && anchor.position <= furthest.position) return;
      newest = anchor;
      schedule(Math.max(0, EVERY_MS - (performance.now() - writtenAt)));
    },
    forget: () => {
      newest = null;
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await writing;
      await write().catch((err: unknown) => {
        logger.debug({ err }, 'the last anchor of the event store is not kept');
      });
    },
  };
}
