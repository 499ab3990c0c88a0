/** Streams that another program writes: the server is saga's alone (docs/design/reliability.md#rights). */
import type { Logger } from '../../../ports.ts';
import type { ServerAddress } from '../address.ts';
import { createClients } from '../clients.ts';
import { isOurs } from '../reads.ts';

const TIMEOUT_MS = 10_000;

export interface ForeignStream {
  readonly stream: string;
  readonly events: number;
  /** Of the last of them. */
  readonly type: string;
}

/**
 * Looks at the last events of the store, the newest first.
 * @param limit how many; the whole store may be large
 * @returns the streams with events that this product did not write
 * @throws StoreUnavailable, StoreRefused
 */
export async function foreignStreams(
  address: ServerAddress,
  limit: number,
  logger: Logger,
): Promise<readonly ForeignStream[]> {
  const clients = createClients(address, logger);
  const found = new Map<string, ForeignStream>();
  try {
    await clients.call(TIMEOUT_MS, async (client) => {
      const newest = { direction: 'backwards', fromPosition: 'end', maxCount: limit } as const;
      for await (const { event } of client.readAll({ ...clients.callOptions, ...newest })) {
        if (!event || !isOurs({ ...event, stream: event.streamId }) || isWrittenByUs(event.metadata))
          continue;
        const { streamId: stream, type } = event;
        const known = found.get(stream) ?? { stream, type, events: 0 };
        found.set(stream, { ...known, events: known.events + 1 });
      }
    });
  } catch (error) {
    throw clients.unavailable(error);
  } finally {
    await clients.close();
  }
  return [...found.values()];
}

/** Every event of ours says who caused it, and of which version it is. */
const isWrittenByUs = (metadata: unknown): boolean =>
  typeof metadata === 'object' &&
  metadata !== null &&
  'actor' in metadata &&
  'correlationId' in metadata &&
  'schemaVersion' in metadata;
