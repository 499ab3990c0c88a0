/** Turns items of the webhook inbox into events: each customer's items one after the other, many customers at once. */
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { type PubSub, INBOX_TOPIC, type Leases, type Logger, type WebhookInbox } from '../../ports.ts';
import { createBackoff } from '../../engine/jobs/backoff.ts';
import { type Job, runWhileLeader } from '../../engine/jobs/run-while-leader.ts';
import { createWakeSignal } from '../../engine/jobs/wake-signal.ts';
import { adaptConcurrency } from '../../engine/jobs/adaptive-concurrency.ts';
import { type Attempt, attempt, type ReceiveInbound } from './ingest-attempt.ts';

export type { ReceiveInbound } from './ingest-attempt.ts';

export interface IngesterDeps {
  readonly inbox: Pick<WebhookInbox, 'pending' | 'settle' | 'backlog'>;
  /** Idempotent by `key`: an item may come again after a crash. */
  readonly receive: ReceiveInbound;
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

/** Most items in hand; more are fetched when fewer than `REFILL_BELOW` are left. */
const IN_HAND = 1_000;
const REFILL_BELOW = 500;
/** How often to look without a wake-up: for one that was lost, and for items whose time to be tried again comes. */
const POLL_MS = 200;
const PAUSE_MS = { firstMs: 250, mostMs: 5_000 };

type Item = Awaited<ReturnType<WebhookInbox['pending']>>[number];
/** `released`: the item goes back untouched. */
type Finished = { readonly item: Item; readonly result: Attempt | { readonly kind: 'released' } };

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
  /** Items in hand, by number: fetched and not yet settled. */
  const inHand = new Set<string>();
  const waiting = new Map<string, Item[]>();
  /** Customers whose failing item is not settled yet: their later items must not overtake it. */
  const held = new Set<string>();
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
  async function serve(key: string, queue: Item[]): Promise<void> {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      if (isPaused() || held.has(key)) {
        finish(item, { kind: 'released' });
        continue;
      }
      const result = await attempt(deps.receive, item);
      if (result.kind === 'again') {
        held.add(key);
        log.warn({ inboxId: item.seq, attempts: item.attempts + 1, err: result.error }, 'inbox item failed');
      } else if (result.kind === 'store_away') pause(result.error);
      else backoff.reset();
      finish(item, result);
    }
    waiting.delete(key);
  }

  function take(items: readonly Item[]): void {
    for (const item of items) {
      if (held.has(item.orderingKey)) continue;
      inHand.add(item.seq);
      const queue = waiting.get(item.orderingKey);
      if (queue) queue.push(item);
      else {
        const fresh = [item];
        waiting.set(item.orderingKey, fresh);
        void limit(() => serve(item.orderingKey, fresh));
      }
    }
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
    for (const { item, result } of batch) {
      inHand.delete(item.seq);
      if (result.kind === 'again') held.delete(item.orderingKey);
    }
  }

  async function refill(): Promise<void> {
    if (isPaused() || inHand.size >= REFILL_BELOW) return;
    try {
      const room = IN_HAND - inHand.size;
      const items = await inbox.pending(room, [...inHand]);
      mayHaveMore = items.length === room;
      take(items);
    } catch (error) {
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
      if (finished.length > 0 || (mayHaveMore && !isPaused() && inHand.size < REFILL_BELOW)) continue;
      if (await wake.wait(POLL_MS)) continue;
      mayHaveMore = true;
    }
    while (inHand.size > 0) {
      await settle();
      if (inHand.size > 0) await wake.wait(POLL_MS);
    }
  } finally {
    stopAdapting();
    unsubscribe();
    signal.removeEventListener('abort', onAbort);
  }
}
