/**
 * The command loop: load, fold, decide, append. Everything that changes a stream goes through here.
 */
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { LRUCache } from 'lru-cache';
import { boundedCache } from '../bounded-cache.ts';
import { decode, type DomainEvent, encode, type Recorded, UndecodableEvent } from '../../domain/codec.ts';
import type { Aggregate } from '../../domain/event.ts';
import { Refusal } from '../../domain/refusals.ts';
import {
  type EventMetadata,
  type EventStore,
  type Ids,
  type Position,
  START,
  type StoredEvent,
  VersionConflict,
} from '../../ports.ts';
import { createKeyedMutex } from './keyed-mutex.ts';

/**
 * The circumstances of a command: who, why, when. `key` makes its event ids survive a repeat. `keyIsNew`: the key was just
 * made, so no earlier answer is looked for. `streamIsNew`: so was the id of the stream, so that nothing is read where
 * nothing can be; the append finds out if it is not so.
 */
export type EventContext = Omit<EventMetadata, 'schemaVersion'> & {
  readonly key?: string | undefined;
  readonly keyIsNew?: boolean;
  readonly streamIsNew?: boolean;
};

export interface Decided<State, Event> {
  readonly state: State;
  /** The events this command made; empty when it had already taken effect. */
  readonly events: readonly (Event & { readonly id: string })[];
  /**
   * Position of the last of them; of the end of the stream when there is none: who is told that it is so already must
   * find it so. START for an empty stream.
   */
  readonly position: Position;
}

interface CachedState {
  readonly state: unknown;
  readonly revision: bigint;
  /** Of the last event that is folded in. */
  readonly position: Position;
  /** Tick at which the store last confirmed that this is the newest state. */
  readonly confirmed: number;
}

export type StateCache = LRUCache<string, CachedState>;

/** @param max how many states are kept in memory */
export const createStateCache = (max: number): StateCache => boundedCache<string, CachedState>(max);

export interface CommandHandler {
  /** The newest state of an aggregate, for a decision that needs more than its own stream. @throws StreamNotWhole, StoreUnavailable */
  load<S, E extends DomainEvent>(aggregate: Aggregate<S, E>, id: string): Promise<S>;
  /**
   * Runs `decide` against the newest state and appends what it returns, on the condition that nobody else
   * appended meanwhile; else decides again.
   * @throws Refusal from `decide`, or BUSY when others kept winning
   * @throws UndecodableEvent, StreamNotWhole nothing is decided by what is left of a stream
   * @throws StoreUnavailable
   */
  executeCommand<S, E extends DomainEvent>(
    aggregate: Aggregate<S, E>,
    id: string,
    eventContext: EventContext,
    decide: (state: S) => readonly E[],
  ): Promise<Decided<S, E>>;
}

/** Called with each decision, for the metrics. */
export interface CommandObserver {
  appended(category: string, seconds: number): void;
  conflicted(category: string): void;
  /** The store did not say whether it has the events. */
  failed?(category: string): void;
  /** Was the state in memory when a command came? */
  cached?(hit: boolean): void;
}

/** Of a stream whose id was just made; not confirmed by the store. */
const NOTHING_YET = { revision: -1n, position: START, confirmed: 0 };

const tracer = trace.getTracer('saga-backend');

/** Two processes at the same stream each win about every second time: this many losses in a row mean something is wrong. */
const ATTEMPTS = 30;
const PAGE = 1000;

/** Makes `executeCommand`, which loads, decides and appends, and starts over when another writer was first. */
export function createCommandHandler(deps: {
  store: Pick<EventStore, 'append' | 'read'>;
  ids: Ids;
  cache: StateCache;
  observer: CommandObserver;
  /**
   * Asked about an event that cannot be read: did a person decide that its stream goes on without it? Default: never.
   * @throws StoreUnavailable
   */
  goesOnWithout?: (event: StoredEvent) => Promise<boolean>;
}): CommandHandler {
  const { store, ids, cache, observer, goesOnWithout = () => Promise.resolve(false) } = deps;
  const inTurn = createKeyedMutex();
  let tick = 0;

  /** Folds what was appended since `known`; a missing `known` folds the stream from its start (or tail). */
  async function refresh<S, E extends DomainEvent>(
    aggregate: Aggregate<S, E>,
    stream: string,
  ): Promise<CachedState> {
    const confirmed = (tick += 1);
    const kept = cache.get(stream);
    let state = (kept?.state ?? aggregate.initial) as S;
    let revision = kept?.revision ?? -1n;
    let position = kept?.position ?? START;
    for await (const event of since(store, stream, revision, kept ? undefined : aggregate.tail)) {
      const known = decodedOrUnreadable(event);
      if (!(known instanceof UndecodableEvent)) state = aggregate.evolve(state, known as unknown as E);
      else if (!(await goesOnWithout(event))) throw known;
      ({ revision, position } = event);
    }
    return remember(stream, { state, revision, position, confirmed });
  }

  /** Keeps the newer of two answers that crossed on the way. */
  function remember(stream: string, fresh: CachedState): CachedState {
    const kept = cache.get(stream);
    if (kept && kept.revision > fresh.revision) return kept;
    cache.set(stream, fresh);
    return fresh;
  }

  async function load<S, E extends DomainEvent>(aggregate: Aggregate<S, E>, id: string): Promise<S> {
    return (await refresh(aggregate, aggregate.stream(id))).state as S;
  }

  async function executeCommand<S, E extends DomainEvent>(
    aggregate: Aggregate<S, E>,
    id: string,
    eventContext: EventContext,
    decide: (state: S) => readonly E[],
  ): Promise<Decided<S, E>> {
    const stream = aggregate.stream(id);
    const asked = (tick += 1);
    return inTurn(stream, async () => {
      const earlier =
        eventContext.key === undefined || eventContext.keyIsNew === true
          ? undefined
          : await earlierAnswer<E>(stream, eventContext.key);
      if (earlier) return { ...earlier, state: await load(aggregate, id) };

      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        // 1. The state, from memory when it is there: the append's expectation guards it.
        const kept = attempt === 0 ? cache.get(stream) : undefined;
        if (attempt === 0) observer.cached?.(kept !== undefined);
        const begun = attempt === 0 && eventContext.streamIsNew === true ? NOTHING_YET : undefined;
        const known =
          kept ?? (begun && { ...begun, state: aggregate.initial }) ?? (await refresh(aggregate, stream));
        // 2. The decision. A no (or 'already so') is only final on a state confirmed after the question was asked.
        const outcome = attemptTo(decide, known.state as S);
        if (outcome.events.length === 0) {
          const fresh = known.confirmed > asked ? known : await refresh(aggregate, stream);
          if (fresh.revision !== known.revision) continue;
          if (outcome.refusal) throw outcome.refusal;
          return { state: known.state as S, events: [], position: known.position };
        }
        // 3. The append, all or none, only where the state was still the newest.
        const decided = outcome.events.map((event, index) => ({
          ...event,
          id: eventContext.key === undefined ? ids.next() : ids.from(eventContext.key, stream, String(index)),
        }));
        const idsAreNew = eventContext.key === undefined || (eventContext.keyIsNew === true && attempt === 0);
        const done = await append(aggregate, stream, known.revision, decided, eventContext, idsAreNew);
        if (!done) continue;
        // 4. The new state, kept for the next command.
        const state = decided.reduce<S>((s, event) => aggregate.evolve(s, event), known.state as S);
        remember(stream, { state, ...done, confirmed: (tick += 1) });
        return { state, events: decided, position: done.position };
      }
      throw new Refusal('BUSY');
    });
  }

  async function append<S, E extends DomainEvent>(
    aggregate: Aggregate<S, E>,
    stream: string,
    revision: bigint,
    events: readonly (E & { id: string })[],
    eventContext: EventContext,
    idsAreNew: boolean,
  ): Promise<{ revision: bigint; position: Position } | null> {
    const encoded = events.map((event) => encode(event, event.id, eventContext));
    // The category, never the stream: its name is an id.
    const attributes = { 'saga.category': aggregate.category, 'saga.events': events.length };
    const span = tracer.startSpan('append', { attributes });
    const start = performance.now();
    try {
      return await store.append(stream, encoded, {
        expected: revision < 0n ? 'none' : revision,
        idsAreNew,
      });
    } catch (error) {
      if (!(error instanceof VersionConflict)) {
        // The outcome may be unknown: what memory holds can no longer be trusted to be the newest.
        cache.delete(stream);
        observer.failed?.(aggregate.category);
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      }
      // The stream ends before what memory holds: events were removed. The next try folds it from its start.
      if (error.actual < revision) cache.delete(stream);
      observer.conflicted(aggregate.category);
      span.setAttribute('saga.conflict', true);
      return null;
    } finally {
      span.end();
      observer.appended(aggregate.category, (performance.now() - start) / 1000);
    }
  }

  /** Did an earlier run of the same command (same key) already append? Then its events are the answer. */
  // The caller knows which events its own command makes; the key says that they are the same.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  async function earlierAnswer<E extends DomainEvent>(stream: string, key: string) {
    const first = ids.from(key, stream, '0');
    const recent = await store.read(stream, { direction: 'backwards', limit: 100 });
    const start = recent.find((event) => event.id === first);
    if (!start) return undefined;
    const events: Recorded[] = [];
    for (const event of recent.toReversed()) {
      if (event.revision < start.revision) continue;
      if (event.id !== ids.from(key, stream, String(events.length))) break;
      events.push(decode(event));
    }
    return {
      events: events as unknown as (E & { id: string })[],
      position: events.at(-1)?.position ?? START,
    };
  }

  return { load, executeCommand };
}

/** Without a wait, because nearly every event can be read. */
function decodedOrUnreadable(event: StoredEvent): Recorded | UndecodableEvent {
  try {
    return decode(event);
  } catch (error) {
    if (error instanceof UndecodableEvent) return error;
    throw error;
  }
}

function attemptTo<S, E>(
  decide: (state: S) => readonly E[],
  state: S,
): { events: readonly E[]; refusal?: Refusal } {
  try {
    return { events: decide(state) };
  } catch (error) {
    if (error instanceof Refusal) return { events: [], refusal: error };
    throw error;
  }
}

/** The events of a stream after `revision`, page by page; with `tail`, at most the last `tail` of them. */
async function* since(
  store: Pick<EventStore, 'read'>,
  stream: string,
  revision: bigint,
  tail: number | undefined,
): AsyncIterable<StoredEvent> {
  if (tail !== undefined) {
    yield* (await store.read(stream, { direction: 'backwards', limit: tail })).toReversed();
    return;
  }
  let from = revision + 1n;
  for (;;) {
    const page = await store.read(stream, { from, limit: PAGE });
    yield* page;
    if (page.length < PAGE) return;
    from += BigInt(page.length);
  }
}
