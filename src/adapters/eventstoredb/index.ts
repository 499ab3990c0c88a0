import type { EventStore, Logger, Position, StoreLook, VerifyStore } from '../../ports.ts';
import { serverAddress } from './address.ts';
import { append } from './append.ts';
import { withinPatience, withoutPatience } from '../../engine/jobs/patience.ts';
import { createClients, inTime } from './clients.ts';
import { createCutStreams } from './administration/cut-streams.ts';
import { readDeletions } from './administration/deletions.ts';
import { CallTimeout } from './grpc-errors.ts';
import type { HeadSearch, QuietStretch } from './reads.ts';
import { readStoreId, storeId } from './store-id.ts';
import { countBehind, findHead, hasMissed, readStream } from './reads.ts';
import { shared } from './shared.ts';
import { shortenedBy } from './administration/shortened.ts';
import { createFeed } from './subscriptions/feed.ts';
import { WINDOW_CATCH_UP, WINDOW_LIVE } from './subscriptions/session.ts';
import { subscription } from './subscriptions/subscription.ts';
import { watchStore } from './watch.ts';

/** The server looks at every event for the few that are asked for. */
const DELETIONS_SILENCE_MS = 60_000;

export interface EventStoreDbOptions {
  /** `esdb://user:password@host:2113?tls=true`, or `esdb+discover://` for a cluster. */
  readonly connectionString: string;
  readonly logger: Logger;
  /** Allows tls=false to another machine, where anybody can then read and write. Default false. */
  readonly allowInsecure?: boolean;
  /** Longest time of one try of an append. Default 2,000 ms. */
  readonly appendTimeoutMs?: number;
  /** Longest time of an append with all its tries, before StoreUnavailable. Default 5,000 ms. */
  readonly appendBudgetMs?: number;
  /** Longest time of one read with its second try. Default 5,000 ms. */
  readonly readTimeoutMs?: number;
  /** After so much silence a subscription checks whether the store has newer events. Default 10,000 ms. */
  readonly watchdogMs?: number;
  /** Newest events in memory for all subscriptions, at least. Default 1,000: one to two megabytes. */
  readonly keptEvents?: number;
  /** Called at the start of each subscription session, and before an append is repeated. */
  readonly verify?: VerifyStore;
}

/**
 * EventStoreDB through its official client, used as docs/design/reliability.md#eventstoredb found necessary. Does not
 * connect by itself: an unreachable server shows as StoreUnavailable on the first call, and no restart is needed later.
 *
 * `head()` and subscriptions leave out the server's own events and the stream that holds the store's id.
 *
 * @throws Error an address that is wrong or not safe, see `addressOf`
 */
export function createEventStoreDb(options: EventStoreDbOptions): EventStore {
  const { logger } = options;
  const clients = createClients(
    serverAddress(options.connectionString, { allowInsecure: options.allowInsecure ?? false }),
    logger,
  );
  const readTimeoutMs = options.readTimeoutMs ?? 5_000;
  const limits = {
    timeoutMs: options.appendTimeoutMs ?? 2_000,
    budgetMs: options.appendBudgetMs ?? 5_000,
  };
  let id: string | undefined;
  let search: HeadSearch | undefined;
  const closing = new AbortController();
  const cutStreams = createCutStreams(clients, closing.signal);

  // Eighteen views may ask at once, and each search reads pages of 64 events.
  const sharedHead = shared(() =>
    withoutPatience(async () => {
      search = await findHead(clients, readTimeoutMs, search);
      return search.head;
    }),
  );

  /** For those who share a search, the one that runs already and their own. */
  async function head(): Promise<Position> {
    try {
      return await inTime(withinPatience(2 * readTimeoutMs), sharedHead());
    } catch (error) {
      throw error instanceof CallTimeout ? clients.unavailable(error) : error;
    }
  }

  const look: StoreLook = {
    identity: async () => (await readStoreId(clients, { ...limits, budgetMs: readTimeoutMs })) ?? null,
    read: (stream, readOptions = {}) => readStream(clients, readTimeoutMs, stream, readOptions),
    shortened: (stream) => shortenedBy(clients, readTimeoutMs, stream),
  };
  const verify = async (): Promise<void> => options.verify?.(look);

  const subscribing = {
    clients,
    logger,
    head,
    verify,
    hasMissed: (stretch: QuietStretch) => hasMissed(clients, readTimeoutMs, stretch),
    watchdogMs: options.watchdogMs ?? 10_000,
  };
  const feed = createFeed({
    kept: options.keptEvents ?? 1_000,
    subscribe: (after, signal) => subscription({ ...subscribing, after, window: WINDOW_LIVE, signal }),
    head,
  });

  return {
    ...look,
    append: (stream, events, { expected }) =>
      append(clients, logger, { ...limits, verify }, { stream, events, expected }),
    deletions: () => readDeletions(clients, DELETIONS_SILENCE_MS),
    shortened: async (stream) =>
      cutStreams.untouched(stream) ? null : shortenedBy(clients, readTimeoutMs, stream),
    subscribe: (subscribeOptions) => {
      const signal = AbortSignal.any([subscribeOptions.signal, closing.signal]);
      return subscription({ ...subscribing, ...subscribeOptions, window: WINDOW_CATCH_UP, signal }, feed);
    },
    head,
    behind: async (position) => countBehind(clients, readTimeoutMs, position, await head()),
    watch: (ended, signal) =>
      watchStore(clients, readTimeoutMs, ended, AbortSignal.any([signal, closing.signal])),
    storeId: async () => {
      id ??= await storeId(clients, logger, limits);
      return id;
    },
    close: () => {
      closing.abort();
      return clients.close();
    },
  };
}
