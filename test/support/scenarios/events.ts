import { randomUUID } from 'node:crypto';
import type {
  EventBatch,
  EventMetadata,
  EventStore,
  NewEvent,
  Position,
  StoredEvent,
} from '../../../src/ports.ts';

/** A small valid event for tests of the stores; they never look into the data. */
export function anEvent(data: unknown = { n: 1 }, type = 'SomethingHappened'): NewEvent {
  const id = randomUUID();
  return { id, type, data, metadata: someMetadata(id) };
}

export function someMetadata(id: string): EventMetadata {
  return {
    actor: { kind: 'system', process: 'test' },
    correlationId: id,
    causationId: id,
    requestId: id,
    at: '2026-11-20T03:00:00.000Z',
    schemaVersion: 1,
  };
}

/** A subscription running in the background, with everything it has seen. */
export interface Follower {
  readonly events: StoredEvent[];
  readonly batches: EventBatch[];
  /** What ended it, when it ended although nobody stopped it. */
  failure: unknown;
  checkpoint(): Position;
  stop(): Promise<void>;
}

export function follow(
  store: EventStore,
  options: { readonly after: Position; readonly prefixes?: readonly string[]; readonly batchSize?: number },
): Follower {
  const ending = new AbortController();
  const follower: Follower = {
    events: [],
    batches: [],
    failure: undefined,
    checkpoint: () => follower.batches.at(-1)?.checkpoint ?? options.after,
    stop: async () => {
      ending.abort();
      await running;
    },
  };
  async function run(): Promise<void> {
    const batches = store.subscribe({
      after: options.after,
      signal: ending.signal,
      ...(options.prefixes ? { filter: { streamPrefixes: options.prefixes } } : {}),
      ...(options.batchSize === undefined ? {} : { batchSize: options.batchSize }),
    });
    for await (const batch of batches) {
      follower.batches.push(batch);
      follower.events.push(...batch.events);
    }
    if (!ending.signal.aborted) throw new Error('the subscription ended by itself');
  }
  const running = run().catch((error: unknown) => {
    follower.failure = error;
  });
  return follower;
}
