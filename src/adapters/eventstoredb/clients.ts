import { EventStoreDBClient } from '@eventstore/db-client';
import type { Logger } from '../../ports.ts';
import type { ServerAddress, Credentials } from './address.ts';
import { CallTimeout, failureOf } from './grpc-errors.ts';

const FAILURES_BEFORE_RECREATION = 3;

/** What each call carries. Reads and subscriptions of a follower may lag behind: always the leader. */
export interface CallOptions {
  readonly credentials: Credentials;
  readonly requiresLeader: true;
}

export interface Clients {
  readonly callOptions: CallOptions;
  current(): EventStoreDBClient;
  /**
   * Runs one call and stops waiting after `milliseconds`, also when the client does not.
   * @param cancel ends the call when it took too long
   * @throws CallTimeout, or the call's error
   */
  call<T>(
    milliseconds: number,
    work: (client: EventStoreDBClient) => Promise<T>,
    cancel?: () => unknown,
  ): Promise<T>;
  /** Counts a loss outside `call`, e.g. of a subscription. */
  failed(): void;
  worked(): void;
  /** @param listener called when the client is replaced. @returns a function that ends it */
  onReplaced(listener: () => void): () => void;
  close(): Promise<void>;
}

/**
 * The official client, replaced after a few failures in a row: it keeps some failures for ever, such as a
 * feature call that was answered with INTERNAL once (docs/design/reliability.md#plain-appends-only).
 */
export function createClients(address: ServerAddress, logger: Logger): Clients {
  let client = EventStoreDBClient.connectionString(address.connectionString);
  let failures = 0;
  let closed = false;
  const listeners = new Set<() => void>();

  function failed(): void {
    failures += 1;
    if (failures % FAILURES_BEFORE_RECREATION !== 0) return;
    logger.warn({ failures }, 'event store client is replaced');
    // The old one is only forgotten: `dispose` would end reads that are still on their way as if they were
    // complete, because the client hides a cancellation of its own.
    client = EventStoreDBClient.connectionString(address.connectionString);
    for (const listener of listeners) listener();
  }

  function worked(): void {
    failures = 0;
  }

  return {
    callOptions: { credentials: address.credentials, requiresLeader: true },
    current: () => client,
    failed,
    worked,
    onReplaced: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    call: async (milliseconds, work, cancel) => {
      const used = client;
      try {
        const result = await inTime(milliseconds, work(used), cancel);
        if (closed) throw new CallTimeout('closed while the call was on its way');
        worked();
        return result;
      } catch (error) {
        if (failureOf(error) !== 'unknown') worked();
        else if (used === client) failed(); // many calls fail together on one client: replace it once
        throw error;
      }
    },
    close: async () => {
      closed = true;
      await inTime(1_000, client.dispose()).catch((error: unknown) => {
        if (!(error instanceof CallTimeout)) throw error;
      });
    },
  };
}

async function inTime<T>(milliseconds: number, work: Promise<T>, cancel?: () => unknown): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new CallTimeout(`no answer in ${String(milliseconds)} ms`));
      cancel?.();
    }, milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
