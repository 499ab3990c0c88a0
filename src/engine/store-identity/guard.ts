/**
 * The right store or none (docs/design/reliability.md#the-right-store). Each process looks at the store when it starts,
 * after every broken connection before anything counts, and every ten seconds. While another store answers, nothing is
 * read from it or written to it, here and in every other process, also after a restart.
 */
import { setMaxListeners } from 'node:events';
import {
  type EventStore,
  type Logger,
  type PubSub,
  type Sql,
  StoreChanged,
  type StoredEvent,
  type StoreLook,
  StoreUnavailable,
  type VerifyStore,
} from '../../ports.ts';
import { createBackoff } from '../jobs/backoff.ts';
import { withinPatience } from '../jobs/patience.ts';
import { sleep } from '../jobs/sleep.ts';
import { createWakeSignal } from '../jobs/wake-signal.ts';
import { type Anchor, anchorOf } from './anchors.ts';
import { createAnchorKeeper } from './anchor-keeper.ts';
import { endChange, recordChange } from './changed-store.ts';
import { noteNotWhole } from '../commands/streams-not-whole.ts';
import { judge, type KnownStore, readKnownStore, type ShortenedAnchor, type Verdict } from './verdict.ts';

type WatchedStore = Pick<EventStore, 'identity' | 'read' | 'watch'>;

export interface StoreGuard {
  /** For the adapter: see `VerifyStore`. */
  readonly verify: VerifyStore;
  /** Begins to look. Until the first look is done, callers of `pass` wait. */
  start(store: WatchedStore): void;
  /** Other processes hear of a change by it. `changed` is called once in the installation when another store is found. */
  connect(options: {
    readonly pubSub: Pick<PubSub, 'publish' | 'subscribe'>;
    readonly changed: (changeId: string) => Promise<void>;
  }): void;
  /** The other store, while one answers or a restore is not accepted; null: none is known. */
  problem(): StoreChanged | null;
  /**
   * Lets through what is read or written, once it is known to be the right store.
   * @throws StoreChanged
   * @param patient waits for a store that does not answer, as an append does; else the caller has something to go on with
   * @throws StoreUnavailable it does not answer; for the patient: not for four seconds
   */
  pass(patient: boolean): Promise<void>;
  /** Resolves when it is known to be the right store, or when `signal` aborts. */
  untilRight(signal: AbortSignal): Promise<void>;
  /** Aborts when another store is found. */
  changed(): AbortSignal;
  /** Id of the store that is known; null: none yet. */
  knownId(): string | null;
  /** The store said its id, before anything was on record. */
  learn(storeId: string): void;
  /** A reader of the store has taken these events, the last ones so far. */
  handled(events: readonly StoredEvent[]): void;
  close(): Promise<void>;
}

export interface StoreGuardOptions {
  /** Where anchors and changes are kept: the tables' database, whatever holds the events. */
  readonly database: Sql;
  readonly logger: Logger;
  /** How often it looks while all is well. Default 10 s. */
  readonly everyMs?: number;
  /** How long a caller waits for a look, before StoreUnavailable. Default 4 s: with the call itself about 5 s. */
  readonly patienceMs?: number;
}

/** How often it looks while another store answers, or none. */
const OFTEN_MS = { firstMs: 100, mostMs: 2_000 };
const TOPIC = 'store-identity';
const CLOSE_MS = 1_000;

type State =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'right' }
  | { readonly kind: 'changed'; readonly error: StoreChanged };

async function atMost(milliseconds: number, work: Promise<void> | undefined): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, sleep(milliseconds, over.signal)]);
  over.abort();
}

export function createStoreGuard(options: StoreGuardOptions): StoreGuard {
  const { database, logger, everyMs = 10_000, patienceMs = 4_000 } = options;
  const closing = new AbortController();
  // As many callers wait as there are, while nobody knows which store it is.
  setMaxListeners(0, closing.signal);
  const wake = createWakeSignal();
  const waiting = new Set<() => void>();
  /** Streams that this process put on record, and why. */
  const noted = new Map<string, string>();
  const keeper = createAnchorKeeper({ database, logger, lost: () => void check() });
  let state: State = { kind: 'unknown' };
  /** The last look found nobody who answers. */
  let isSilent = false;
  let changing = new AbortController();
  let known: KnownStore | undefined;
  let learned: string | null = null;
  let store: WatchedStore | undefined;
  let announce: (() => void) | undefined;
  let notify: ((changeId: string) => Promise<void>) | undefined;
  /** Found before there was somebody to tell. */
  let untold: string | undefined;
  let running: Promise<void> | undefined;
  let checking: Promise<void> | undefined;

  function become(next: State): void {
    const before = state;
    state = next;
    isSilent = false;
    if (next.kind === 'changed' && before.kind !== 'changed') changing.abort();
    if (next.kind === 'right' && changing.signal.aborted) changing = new AbortController();
    for (const look of waiting) look();
  }

  /** What is on record; while the database is away, what was read last. */
  async function recall(): Promise<KnownStore> {
    try {
      const fresh = await readKnownStore(database);
      // What this process knows is of the store before: positions, states, links of chains.
      if (known && fresh.accepted !== known.accepted)
        throw new StoreChanged(
          'what this process knew before npm run store:accept',
          'a store that was accepted since: start this process again',
        );
      known = fresh;
      return fresh;
    } catch (error) {
      if (known && error instanceof StoreUnavailable && !(error instanceof StoreChanged)) return known;
      throw error;
    }
  }

  const knownId = (): string | null => known?.storeId ?? learned;

  /** What this process has seen itself comes first, and does not stand for what is on record. */
  function anchorsOf({ anchors }: KnownStore): {
    readonly anchors: readonly Anchor[];
    readonly must: number;
  } {
    const { newest: seen } = keeper;
    const isNewer = seen !== null && seen.position > (anchors[0]?.position ?? '');
    return isNewer ? { anchors: [seen, ...anchors], must: 2 } : { anchors, must: 1 };
  }

  /** Nothing waits for it: the store is the right one, and a command on such a stream says it again. */
  function noteShortened(found: readonly ShortenedAnchor[]): void {
    for (const stream of noted.keys()) if (!found.some((one) => one.stream === stream)) noted.delete(stream);
    for (const { stream, problem } of found) {
      if (noted.get(stream) === problem) continue;
      noted.set(stream, problem);
      logger.error(
        { stream, because: problem },
        'a stream is not whole: it held the newest events on record',
      );
      noteNotWhole(database, stream, problem).catch((err: unknown) => {
        noted.delete(stream);
        logger.warn({ err, stream }, 'a stream that is not whole could not be put on record');
      });
    }
  }

  async function foundOther({
    expected,
    found,
  }: Extract<Verdict, { kind: 'changed' }>): Promise<StoreChanged> {
    const { id, isNew } = await recordChange(database, { expected, found, mustAccept: false });
    if (isNew) {
      logger.error(
        { expected, found },
        'another event store answers: nothing is read or written until the right one is back, or npm run store:accept',
      );
      announce?.();
      if (notify) tell(notify, id);
      else untold = id;
    }
    return new StoreChanged(expected, found);
  }

  /** Nothing waits for it: who is told may be asleep, and their phone's service away. */
  function tell(how: NonNullable<typeof notify>, id: string): void {
    how(id).catch((err: unknown) => {
      logger.warn({ err }, 'nobody could be told that the event store changed');
    });
  }

  /** @throws StoreChanged; StoreUnavailable: nothing is known */
  async function examine(look: StoreLook): Promise<void> {
    const on = await recall();
    const { anchors, must } = anchorsOf(on);
    const verdict = await judge(look, knownId(), anchors, must);
    if (verdict.kind === 'changed') throw await foundOther(verdict);
    noteShortened(verdict.shortened);
    const { change } = on;
    if (change?.mustAccept) throw new StoreChanged(change.expected, change.found);
    if (change) {
      await endChange(database, 'came back');
      logger.info({ since: change.since }, 'the right event store is back');
      announce?.();
    }
    if (store) keeper.begin(store, on.anchors[0] ?? null);
    become({ kind: 'right' });
  }

  /** @throws as `examine`, after it is known to everybody who waits */
  async function lookAt(look: StoreLook): Promise<void> {
    try {
      await examine(look);
    } catch (error) {
      if (error instanceof StoreChanged) {
        keeper.forget();
        become({ kind: 'changed', error });
      }
      throw error;
    }
  }

  /** Never rejects: what a store that does not answer means, the next look says. */
  async function check(): Promise<void> {
    const at = store;
    if (!at) return;
    checking ??= lookAt(at)
      .catch((err: unknown) => {
        if (!(err instanceof StoreUnavailable)) logger.error({ err }, 'the event store cannot be looked at');
        if (state.kind !== 'unknown') return;
        isSilent = true;
        for (const look of waiting) look();
      })
      .finally(() => {
        checking = undefined;
      });
    await checking;
  }

  /** Another store may answer from here on. */
  function doubt(): void {
    if (state.kind === 'right') become({ kind: 'unknown' });
  }

  /** One connection that is watched, from its beginning to its end. */
  async function watchOnce(at: WatchedStore, wait: () => number, progressed: () => void): Promise<void> {
    const connection = new AbortController();
    let isHeld = true;
    const ended = (): void => {
      isHeld = false;
      doubt();
      wake.ring();
    };
    try {
      await at.watch(ended, AbortSignal.any([closing.signal, connection.signal]));
      await check();
      while (isHeld && !closing.signal.aborted) {
        const isRight = state.kind === 'right';
        if (isRight) progressed();
        await wake.wait(isRight ? everyMs : wait());
        if (isHeld) await check();
      }
    } finally {
      connection.abort();
    }
  }

  async function run(at: WatchedStore): Promise<void> {
    const backoff = createBackoff(OFTEN_MS);
    while (!closing.signal.aborted) {
      try {
        await watchOnce(at, backoff.next, backoff.reset);
      } catch (err) {
        doubt();
        if (!(err instanceof StoreUnavailable)) logger.error({ err }, 'the event store is not watched');
        // Not even a connection for that: is it another store, or is there none?
        await check();
      }
      if (!closing.signal.aborted) await wake.wait(backoff.next());
    }
  }

  /** Resolves at the next change of the state, or after `milliseconds`. */
  function nextState(signal: AbortSignal, milliseconds?: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        waiting.delete(done);
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = milliseconds === undefined ? undefined : setTimeout(done, milliseconds);
      waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  return {
    verify: lookAt,
    start: (at) => {
      store = at;
      running ??= run(at);
    },
    connect: ({ pubSub, changed }) => {
      notify = changed;
      if (untold !== undefined) tell(changed, untold);
      untold = undefined;
      let own = false;
      announce = () => {
        own = true;
        pubSub.publish(TOPIC, null);
        own = false;
      };
      pubSub.subscribe(TOPIC, () => {
        if (!own) wake.ring();
      });
    },
    problem: () => (state.kind === 'changed' ? state.error : null),
    pass: async (patient) => {
      const deadline = performance.now() + withinPatience(patienceMs);
      while (state.kind === 'unknown') {
        const left = deadline - performance.now();
        if (left <= 0 || closing.signal.aborted || (isSilent && !patient))
          throw new StoreUnavailable('events');
        await nextState(closing.signal, left);
      }
      if (state.kind === 'changed') throw state.error;
    },
    untilRight: async (signal) => {
      const either = AbortSignal.any([signal, closing.signal]);
      while (state.kind !== 'right' && !either.aborted) await nextState(either);
    },
    changed: () => changing.signal,
    knownId,
    learn: (storeId) => {
      learned = storeId;
    },
    handled: (events) => {
      const [last, storeId] = [events.at(-1), knownId()];
      if (state.kind !== 'right' || !last || storeId === null) return;
      const anchor = anchorOf(storeId, last);
      if (anchor) keeper.see(anchor, events.length);
    },
    close: async () => {
      closing.abort();
      wake.ring();
      // What a store that says nothing would have answered is not worth the time in which a process has to end.
      await atMost(CLOSE_MS, running);
      await atMost(CLOSE_MS, keeper.close());
    },
  };
}
