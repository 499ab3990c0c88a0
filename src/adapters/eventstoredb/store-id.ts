import { randomUUID } from 'node:crypto';
import type { Logger } from '../../ports.ts';
import { VersionConflict } from '../../ports.ts';
import type { AppendLimits } from './append.ts';
import { append } from './append.ts';
import type { Clients } from './clients.ts';
import { readStream, STORE_STREAM } from './reads.ts';

/**
 * The random id of this database, kept as the first event of a stream of its own: positions of one
 * database mean nothing in another (docs/design/reliability.md#the-right-store). The first caller writes it.
 */
export async function storeId(clients: Clients, logger: Logger, limits: AppendLimits): Promise<string> {
  const known = await readStoreId(clients, limits);
  if (known !== undefined) return known;
  const id = randomUUID();
  const metadata = {
    actor: { kind: 'system', process: 'event store' },
    correlationId: id,
    causationId: id,
    requestId: id,
    at: new Date().toISOString(),
    schemaVersion: 1,
  } as const;
  const event = { id, type: 'StoreNamed', data: { storeId: id }, metadata };
  try {
    // By nobody's leave: the caller knows that no store is known yet.
    const verify = () => Promise.resolve();
    await append(
      clients,
      logger,
      { ...limits, verify },
      { stream: STORE_STREAM, events: [event], expected: 'none' },
    );
    return id;
  } catch (error) {
    if (!(error instanceof VersionConflict)) throw error;
    const first = await readStoreId(clients, limits);
    if (first === undefined) throw new Error(`${STORE_STREAM} holds no store id`, { cause: error });
    return first;
  }
}

/** From the store, not from memory; null: it has none. */
export async function readStoreId(clients: Clients, limits: AppendLimits): Promise<string | undefined> {
  const [first] = await readStream(clients, limits.budgetMs, STORE_STREAM, { limit: 1 });
  if (!first) return undefined;
  const { data } = first;
  if (typeof data === 'object' && data !== null && 'storeId' in data && typeof data.storeId === 'string') {
    return data.storeId;
  }
  throw new Error(`${STORE_STREAM}: the first event holds no store id`);
}
