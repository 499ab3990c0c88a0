import { EventStoreDBClient } from '@eventstore/db-client';
import type { Logger } from '../../ports.ts';
import { storeAnswered } from '../../engine/jobs/patience.ts';
import { StoreRefused, StoreUnavailable } from '../../ports.ts';
import { type ServerAddress, type Credentials, WrongAddress } from './address.ts';
import { type StoreCause, EXPLANATIONS } from './causes.ts';
import { diagnose } from './diagnosis.ts';
import { isCluster, lacksLeader } from './gossip.ts';
import { CallTimeout, causeOf, failureOf } from './grpc-errors.ts';

const FAILURES_BEFORE_RECREATION = 3;
/** The sockets are looked at this often at most, while failures do not say what it is. */
const DIAGNOSE_EVERY_MS = 5_000;

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
  /** What the caller gets for a failure of `call`: StoreRefused or StoreUnavailable, and why, where that is known. */
  unavailable(error: unknown): StoreUnavailable;
  /**
   * Counts a loss outside `call`, e.g. of a subscription.
   * @param used the client that it was on: all subscriptions are lost at once, and what replaced it is not to blame
   */
  failed(used: EventStoreDBClient): void;
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
  let client = connected(address);
  let failures = 0;
  let closed = false;
  const listeners = new Set<() => void>();
  let seen: StoreCause | undefined;
  let diagnosedAt = -Infinity;

  /** No caller waits for it; the next failure knows more. */
  function look(): void {
    if (closed || performance.now() - diagnosedAt < DIAGNOSE_EVERY_MS) return;
    diagnosedAt = performance.now();
    void causeOnTheWay(address).then((cause) => {
      seen = cause;
    });
  }

  function failed(used: EventStoreDBClient): void {
    if (closed || used !== client) return;
    failures += 1;
    if (failures % FAILURES_BEFORE_RECREATION !== 0) return;
    logger.warn({ failures }, 'event store client is replaced');
    // The old one is only forgotten: `dispose` would end reads that are still on their way as if they were
    // complete, because the client hides a cancellation of its own.
    client = connected(address);
    for (const listener of listeners) listener();
  }

  function worked(): void {
    failures = 0;
    seen = undefined;
  }

  function unavailable(error: unknown): StoreUnavailable {
    const cause = causeOf(error);
    if (failureOf(error) === 'refused')
      return new StoreRefused('events', { cause: error, because: EXPLANATIONS[cause ?? 'no right'].says });
    if (cause === undefined) look();
    const known = cause ?? seen ?? (error instanceof CallTimeout ? 'silent' : undefined);
    return new StoreUnavailable('events', { cause: error, because: known && EXPLANATIONS[known].says });
  }

  return {
    callOptions: { credentials: address.credentials, requiresLeader: true },
    current: () => client,
    unavailable,
    failed,
    worked,
    onReplaced: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    call: async (milliseconds, work, cancel) => {
      const used = client;
      const begun = performance.now();
      try {
        const result = await inTime(milliseconds, work(used), cancel);
        if (closed) throw new CallTimeout('closed while the call was on its way');
        worked();
        storeAnswered(begun);
        return result;
      } catch (error) {
        if (failureOf(error) !== 'unknown') worked();
        else failed(used); // many calls fail together on one client: replace it once
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

/** One node of a cluster that is well is enough to reach it. */
async function causeOnTheWay(address: ServerAddress): Promise<StoreCause | undefined> {
  const hosts = await diagnose(address);
  const causes = hosts.flatMap(({ cause }) => cause ?? []);
  if (causes.length === hosts.length) return causes[0];
  return isCluster(address) && (await lacksLeader(address)) ? 'no leader' : undefined;
}

/** Seconds, of one node that is asked who leads. The client's own are 5: one silent node costs every caller their patience. */
const GOSSIP_TIMEOUT_S = 1;

/** @throws WrongAddress: the client's own words hold the address */
function connected(address: ServerAddress): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(withGossipTimeout(address));
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown';
    throw new WrongAddress(`EVENTSTORE_URL cannot be used by the client of EventStoreDB (${name})`);
  }
}

function withGossipTimeout(address: ServerAddress): string {
  const { connectionString } = address;
  if (!isCluster(address) || /[?&]gossip[_-]?timeout=/i.test(connectionString)) return connectionString;
  return `${connectionString}${connectionString.includes('?') ? '&' : '?'}gossipTimeout=${String(GOSSIP_TIMEOUT_S)}`;
}

/** @throws CallTimeout */
export async function inTime<T>(milliseconds: number, work: Promise<T>, cancel?: () => unknown): Promise<T> {
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
