/** The events of the store, in order, up to an end: what shadow tables are filled from. */
import type { EventBatch, EventStore, Position } from '../../../ports.ts';
import { type Decode, type ReadEvent, prefetch } from '../batch.ts';
import type { View } from '../view.ts';

/** A view cannot take in an event: the rebuild stops as the live view would, and changes nothing. */
export class PoisonEvent extends Error {
  override readonly name = 'PoisonEvent';
  constructor(view: string, eventId: string, because: string) {
    super(
      `view ${view} cannot take in event ${eventId} (${because}); nothing was changed. Repair the program, or, when the ` +
        `event is parked, skip it: npm run projections -- skip --event ${eventId} --reason "..."`,
    );
  }
}

export interface Stretch {
  readonly after: Position;
  /** Included. */
  readonly until: Position;
}

export interface FedBatch {
  readonly reads: readonly ReadEvent[];
  /** Everything up to here was looked at. */
  readonly checkpoint: Position;
}

/** Larger than what a store remembers of its newest events: a long way is read from the store itself. */
const BATCH_SIZE = 2_000;

/** Every event of the views' streams in the stretch, once. Ends at its end, or when the signal aborts. */
export async function* eventsOf(
  store: EventStore,
  decode: Decode,
  views: readonly View[],
  { after, until }: Stretch,
  signal: AbortSignal,
): AsyncGenerator<FedBatch> {
  if (until <= after) return;
  const ending = new AbortController();
  const streamPrefixes = [...new Set(views.flatMap(({ streams }) => streams))];
  const batches: AsyncIterable<EventBatch> = store.subscribe({
    after,
    filter: { streamPrefixes },
    batchSize: BATCH_SIZE,
    signal: AbortSignal.any([signal, ending.signal]),
  });
  try {
    for await (const { batch, reads } of prefetch(batches, decode)) {
      const beyond = batch.checkpoint >= until;
      yield {
        reads: beyond ? reads.filter(({ stored }) => stored.position <= until) : reads,
        checkpoint: beyond ? until : batch.checkpoint,
      };
      if (beyond) return;
    }
    signal.throwIfAborted();
  } finally {
    ending.abort();
  }
}
