/** Turns what the webhook inbox holds into events: each customer's items one after the other, many customers at once. */
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { type PubSub, INBOX_TOPIC, type Leases, type Logger, type WebhookInbox } from '../../ports.ts';
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
  /** Customers worked on at once. Default 64: as many appends as one group commit takes (performance.md 1.3). */
  readonly concurrency?: number;
}

export interface Ingester {
  /** Works while this process holds the lease `ingester`. Resolves after `signal`, when what was begun is finished. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when nothing is pending any more, in this or another process. @throws Error after `milliseconds` */
  drained(milliseconds?: number): Promise<void>;
}

/** Most items in hand, and how few are left before more are fetched. */
const IN_HAND = 1_000;
const REFILL_BELOW = 500;
/** For what a lost wake-up or a retry time would else leave lying. */
const POLL_MS = 200;
const PAUSE_MS = { first: 250, longest: 5_000 };

type Item = Awaited<ReturnType<WebhookInbox['pending']>>[number];
/** `released`: goes back untouched. */
type Finished = { readonly item: Item; readonly result: Attempt | { readonly kind: 'released' } };

export function createIngester(deps: IngesterDeps): Ingester {
  return {
    run: (signal) => deps.leases.hold('ingester', signal, (lease) => work(deps, lease.signal)),

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
  // What is stored is safe and can wait while more comes in: whoever delivers that cannot.
  let arrivals = 0;
  const stopGivingWay = adaptConcurrency({
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
  const alarm = createWakeSignal();
  /** Items in hand, by number: fetched and not yet settled. */
  const inHand = new Set<string>();
  const waiting = new Map<string, Item[]>();
  /** Customers whose failing item is not settled yet: their later items must not slip past it. */
  const held = new Set<string>();
  let finished: Finished[] = [];
  let pausedUntil = 0;
  let pauses = 0;
  let hungry = true;

  function pause(error: unknown): void {
    // Everybody in hand finds the store away at once: that is one pause, not sixty.
    if (performance.now() < pausedUntil) return;
    const backoff = Math.min(PAUSE_MS.first * 2 ** pauses, PAUSE_MS.longest);
    pauses += 1;
    pausedUntil = performance.now() + backoff;
    log.warn({ err: error, backoff }, 'ingester pauses');
  }

  const resting = (): boolean => signal.aborted || performance.now() < pausedUntil;

  function finish(item: Item, result: Finished['result']): void {
    finished.push({ item, result });
    alarm.ring();
  }

  /** One customer's items in order, until there are no more or one of them cannot be passed by. */
  async function serve(key: string, queue: Item[]): Promise<void> {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      if (resting() || held.has(key)) {
        finish(item, { kind: 'released' });
        continue;
      }
      const result = await attempt(deps.receive, item);
      if (result.kind === 'again') {
        held.add(key);
        log.warn({ inboxId: item.seq, attempts: item.attempts + 1, err: result.error }, 'inbox item failed');
      } else if (result.kind === 'store_away') pause(result.error);
      else pauses = 0;
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

  /** Outcomes of everything that ended since the last time, in one or two statements. */
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
    if (resting() || inHand.size >= REFILL_BELOW) return;
    try {
      const wanted = IN_HAND - inHand.size;
      const items = await inbox.pending(wanted, [...inHand]);
      hungry = items.length === wanted;
      take(items);
    } catch (error) {
      pause(error);
    }
  }

  const onAbort = () => {
    alarm.ring();
  };
  signal.addEventListener('abort', onAbort);
  const unsubscribe = pubSub.subscribe(INBOX_TOPIC, () => {
    hungry = true;
    arrivals += 1;
    alarm.ring();
  });
  try {
    // Settle before fetching: a fetch must see what failed, else it would bring what has to stay behind it.
    while (!signal.aborted) {
      await settle();
      await refill();
      if (finished.length > 0 || (hungry && !resting() && inHand.size < REFILL_BELOW)) continue;
      if (await alarm.wait(POLL_MS)) continue;
      hungry = true;
    }
    while (inHand.size > 0) {
      await settle();
      if (inHand.size > 0) await alarm.wait(POLL_MS);
    }
  } finally {
    stopGivingWay();
    unsubscribe();
    signal.removeEventListener('abort', onAbort);
  }
}
