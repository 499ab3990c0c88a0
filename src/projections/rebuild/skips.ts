/** Events that a person decided a view goes on without: recorded as events, honoured by every rebuild. */
import { projectionStream } from '../../domain/projection.ts';
import type { EventStore } from '../../ports.ts';
import type { Decode } from '../batch.ts';

/** @returns ids of the events this view was told to leave out */
export async function skippedBy(
  store: EventStore,
  decode: Decode,
  view: string,
): Promise<ReadonlySet<string>> {
  const skipped = new Set<string>();
  for (let from = 0n; ;) {
    const page = await store.read(projectionStream(view), { from });
    for (const stored of page) {
      const event = decode(stored);
      if (event.type === 'ProjectionEventSkipped') skipped.add(event.data.eventId);
    }
    const last = page.at(-1);
    if (!last) return skipped;
    from = last.revision + 1n;
  }
}
