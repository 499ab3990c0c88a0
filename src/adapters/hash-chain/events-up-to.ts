/** Reads a store up to one position, and notices when it does not hand out what it counts. */
import type { EventStore, Position, StoredEvent } from '../../ports.ts';

/** A store whose last events were removed says that there are more, and never returns them. */
export class EventsMissing extends Error {
  override readonly name = 'EventsMissing';
  /** @param last position of the last event that it did hand out */
  constructor(readonly last: Position) {
    super(`The event store counts more events than it hands out: those after position ${last} were removed.`);
  }
}

const SILENCE_MS = 20_000;

/**
 * Every event after `after`, up to and with `end`, each once, in the order of the store.
 * @param silenceMs a store that returns nothing for so long, in milliseconds, has no more events. Default 20,000.
 * @throws EventsMissing; StoreUnavailable; the signal's reason
 */
export async function* eventsUpTo(
  store: Pick<EventStore, 'subscribe' | 'head'>,
  options: {
    readonly after: Position;
    readonly end: Position;
    readonly signal: AbortSignal;
    readonly silenceMs?: number | undefined;
  },
): AsyncIterable<readonly StoredEvent[]> {
  const { after, end, signal, silenceMs = SILENCE_MS } = options;
  if (end <= after) return;
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const listen = (): void => {
    timer = setTimeout(() => {
      silence.abort();
    }, silenceMs);
  };
  let last = after;
  try {
    listen();
    const either = AbortSignal.any([signal, silence.signal]);
    for await (const { events, checkpoint } of store.subscribe({ after, signal: either })) {
      // Only the store's silence counts, not the time that the reader takes.
      clearTimeout(timer);
      // A subscription may deliver an event twice.
      const batch: StoredEvent[] = [];
      for (const event of events) {
        if (event.position <= last || event.position > end) continue;
        last = event.position;
        batch.push(event);
      }
      yield batch;
      if (checkpoint >= end) return;
      listen();
    }
  } finally {
    clearTimeout(timer);
  }
  signal.throwIfAborted();
  // Only a store that answers can be reported; one that does not is unavailable.
  await store.head();
  throw new EventsMissing(last);
}
