/** Turns items of the webhook inbox into events: each customer's items one after the other, many customers at once. */
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { type PubSub, INBOX_TOPIC, type Leases, type Logger, type WebhookInbox } from '../../ports.ts';
import { createBackoff } from '../../engine/jobs/backoff.ts';
import { type Job, runWhileLeader } from '../../engine/jobs/run-while-leader.ts';
import { createWakeSignal } from '../../engine/jobs/wake-signal.ts';
import { adaptConcurrency } from '../../engine/jobs/adaptive-concurrency.ts';
import type { Receive } from '../../commands/inbound/receive.ts';
import type { ReceiveTogether } from '../../commands/inbound/receive-together.ts';
import { type IngestResult, attemptNext } from './ingest-attempt.ts';

export interface IngesterDeps {
  readonly inbox: Pick<WebhookInbox, 'pending' | 'settle' | 'backlog'>;
  /** Idempotent by `key`: an item may come again after a crash. */
  readonly receive: Receive;
  /** Several messages of one customer in one append; idempotent by each one's `key`. */
  readonly receiveTogether?: ReceiveTogether;
  readonly leases: Leases;
  readonly pubSub: Pick<PubSub, 'subscribe'>;
  readonly log: Logger;
  /**
   * Customers worked on at once. Default 64: as many appends as one group commit takes
   * (docs/design/performance.md#group-commit).
   */
  readonly concurrency?: number;
}

/** Holds the lease `ingester`. */
export interface Ingester extends Job {
  /** Resolves when nothing is pending any more, in this or another process. @throws Error after `milliseconds` */
  drained(milliseconds?: number): Promise<void>;
}

/**
 * Most items in hand; more are fetched when fewer than `REFILL_BELOW` are left. Who comes now waits for these, so they are
 * few (docs/design/reliability.md#fair-ingestion).
 */
const IN_HAND = 400;
const REFILL_BELOW = 200;
/** Most items of one customer in hand. */
const SHARE = 50;
/** How often to look without a wake-up: for one that was lost, and for items whose time to be tried again comes. */
const POLL_MS = 200;
const PAUSE_MS = { firstMs: 250, mostMs: 5_000 };

type Item = Awaited<ReturnType<WebhookInbox['pending']>>[number];
/** `released`: the item goes back untouched. */
type Finished = { readonly item: Item; readonly result: IngestResult | { readonly kind: 'released' } };

export function createIngester(deps: IngesterDeps): Ingester {
  return {
    ...runWhileLeader(deps.leases, 'ingester', (signal) => work(deps, signal)),

    drained: async (milliseconds = 30_000) => {
      const deadline = performance.now() + milliseconds;
      for (;;) {
        const { pending } = await deps.inbox.backlog();
        if (pending === 0) return;
        if (performance.now() > deadline) throw new Error(`${String(pending)} inbox items are still pending`);
        await delay(20);
      }
    },
  };
}

async function work(deps: IngesterDeps, signal: AbortSignal): Promise<void> {
  const { inbox, pubSub, log } = deps;
  const most = deps.concurrency ?? 64;
  const limit = pLimit(most);
  // Stored items are safe and can wait while more come in: the channel that delivers these cannot wait.
  let arrivals = 0;
  const stopAdapting = adaptConcurrency({
    most,
    othersCame: () => {
      const came = arrivals > 1;
      arrivals = 0;
      return came;
    },
    allow: (atOnce) => {
      limit.concurrency = atOnce;
    },
  });
  const wake = createWakeSignal();
  /** Customers in hand, with how many items are fetched and not yet settled: nothing more of them is fetched until none is. */
  const inHand = new Map<string, number>();
  let itemsInHand = 0;
  /** A fetch left customers out because they were in hand: they may have more. */
  let passedOver = false;
  let finished: Finished[] = [];
  let pausedUntil = 0;
  const backoff = createBackoff(PAUSE_MS);
  /** There may be more items in the inbox than were fetched. */
  let mayHaveMore = true;

  function pause(error: unknown): void {
    // All items in hand find the store away at once: that is one pause, not sixty.
    if (performance.now() < pausedUntil) return;
    const wait = backoff.next();
    pausedUntil = performance.now() + wait;
    log.warn({ err: error, backoff: wait }, 'ingester pauses');
  }

  const isPaused = (): boolean => signal.aborted || performance.now() < pausedUntil;

  function finish(item: Item, result: Finished['result']): void {
    finished.push({ item, result });
    wake.ring();
  }

  /** One customer's items in order, until there are no more or one of them must be tried again first. */
  async function serve(queue: readonly Item[]): Promise<void> {
    let [item, ...rest] = queue;
    // Later items of the same customer must not overtake one that failed.
    let failed = false;
    while (item !== undefined) {
      if (isPaused() || failed) finish(item, { kind: 'released' });
      else {
        const all = [item, ...rest];
        const results = await attemptNext(deps, [item, ...rest]);
        for (const [index, result] of results.entries()) {
          const tried = all[index] ?? item;
          if (result.kind === 'again') {
            failed = true;
            log.warn(
              { inboxId: tried.seq, attempts: tried.attempts + 1, err: result.error },
              'inbox item failed',
            );
          } else if (result.kind === 'store_away') pause(result.error);
          else backoff.reset();
          finish(tried, result);
        }
        rest = all.slice(results.length);
      }
      [item, ...rest] = rest;
    }
  }

  /** @returns whether a customer has its full share, and so may have more */
  function take(items: readonly Item[]): boolean {
    itemsInHand += items.length;
    const queues = new Map<string, Item[]>();
    for (const item of items) {
      const queue = queues.get(item.orderingKey);
      if (queue) queue.push(item);
      else queues.set(item.orderingKey, [item]);
    }
    for (const [key, queue] of queues) {
      inHand.set(key, queue.length);
      void limit(() => serve(queue));
    }
    return [...queues.values()].some(({ length }) => length >= SHARE);
  }

  /** Records the outcomes of all that ended since the last time, in one or two statements. */
  async function settle(): Promise<void> {
    const batch = finished;
    finished = [];
    const outcomes = batch.flatMap(({ result }) => ('outcome' in result ? [result.outcome] : []));
    try {
      if (outcomes.length > 0) await inbox.settle(outcomes);
    } catch (error) {
      // They stay pending and are received again, which changes nothing.
      pause(error);
    }
    itemsInHand -= batch.length;
    for (const { item } of batch) {
      const left = (inHand.get(item.orderingKey) ?? 1) - 1;
      if (left > 0) inHand.set(item.orderingKey, left);
      else {
        inHand.delete(item.orderingKey);
        mayHaveMore ||= passedOver;
      }
    }
  }

  async function refill(): Promise<void> {
    if (isPaused() || !mayHaveMore || itemsInHand >= REFILL_BELOW) return;
    try {
      const except = [...inHand.keys()];
      const room = IN_HAND - itemsInHand;
      // Before the fetch: what arrives during it may not be in it.
      mayHaveMore = false;
      const items = await inbox.pending(room, except, SHARE);
      const hasFullShare = take(items);
      // With a full share, the oldest items may all have been of customers who are in hand now.
      mayHaveMore ||= hasFullShare || items.length === room;
      passedOver = except.length > 0 || hasFullShare;
    } catch (error) {
      mayHaveMore = true;
      pause(error);
    }
  }

  const onAbort = () => {
    wake.ring();
  };
  signal.addEventListener('abort', onAbort);
  const unsubscribe = pubSub.subscribe(INBOX_TOPIC, () => {
    mayHaveMore = true;
    arrivals += 1;
    wake.ring();
  });
  try {
    // Settle before fetching: a fetch must see which items failed, or it would return later items of the same customer.
    while (!signal.aborted) {
      await settle();
      await refill();
      if (finished.length > 0 || (mayHaveMore && !isPaused() && itemsInHand < REFILL_BELOW)) continue;
      if (await wake.wait(POLL_MS)) continue;
      mayHaveMore = true;
    }
    while (itemsInHand > 0) {
      await settle();
      if (itemsInHand > 0) await wake.wait(POLL_MS);
    }
  } finally {
    stopAdapting();
    unsubscribe();
    signal.removeEventListener('abort', onAbort);
  }
}
