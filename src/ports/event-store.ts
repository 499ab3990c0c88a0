/**
 * The event store: append with an expected revision, read a stream, subscribe to all
 * (docs/design/architecture.md#event-store-port).
 */

/** Place of an event in the whole store: opaque, compare with `<`. Never parse it outside its adapter. */
export type Position = string;

/** The position before the first event of any store. */
export const START: Position = '';

/** Who caused an event. A person carries the role and division they had at that moment. */
export type Actor =
  | { readonly kind: 'user'; readonly id: string; readonly role: string; readonly division: string }
  | { readonly kind: 'customer' | 'bot' }
  | { readonly kind: 'system'; readonly process: string };

/** The metadata of every event (docs/design/architecture.md#event-store-port). */
export interface EventMetadata {
  readonly actor: Actor;
  /** The same for everything that one request from outside caused. */
  readonly correlationId: string;
  /** The event or request that directly caused this one. */
  readonly causationId: string;
  readonly requestId: string;
  /** Domain time, ISO 8601 UTC. */
  readonly at: string;
  /** Version of the event's data; upcast on read. */
  readonly schemaVersion: number;
  /**
   * SHA-256 over this event and the hash of the one before it in its stream (docs/audit.md). The store adds it on
   * append; events from before there were hashes have none.
   */
  readonly hash?: string;
}

/** An event to append: already encoded, JSON only. */
export interface NewEvent {
  /** UUID. Append again with the same id and the same expectation: nothing is written twice. */
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: EventMetadata;
}

/** An event as the store returns it: not decoded yet, see `domain/codec`. */
export interface StoredEvent {
  readonly id: string;
  readonly stream: string;
  /** 0 for the first event of a stream, without gaps. */
  readonly revision: bigint;
  readonly position: Position;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
}

/** `none`: the stream must not exist. `any`: no check. A number: revision of the stream's last event. */
export type ExpectedRevision = 'none' | 'any' | bigint;

export interface AppendResult {
  /** Revision of the stream's last event after the append; -1n when the stream is (still) empty. */
  readonly revision: bigint;
  /** Position of the last event written; START when the append was empty. */
  readonly position: Position;
  /**
   * True: this append stored these bytes. False: it repeated an earlier append, whose bytes are kept. Absent where
   * the store does not know (EventStoreDB), or when there was nothing to write.
   */
  readonly written?: boolean;
}

export interface EventFilter {
  /** Only streams whose name begins with one of these. */
  readonly streamPrefixes: readonly string[];
}

/** May hold no events: then it says that the checkpoint moved, or that the subscription caught up. */
export interface EventBatch {
  readonly events: readonly StoredEvent[];
  /** Everything up to here was read: advances also when the filter matched nothing. */
  readonly checkpoint: Position;
  /** True when this batch reached what was the end of the store when it was read. A hint. */
  readonly caughtUp: boolean;
}

export interface ShortenedStream {
  readonly stream: string;
  readonly because: string;
}

export interface EventStore {
  /**
   * All or none. Retrying after an unknown outcome is safe with the same ids and the same expectation:
   * the adapter does so itself a few times before it gives up. With `any`, EventStoreDB knows a repetition
   * only while the first one is among its recent commits; Postgres always does
   * (docs/design/reliability.md#idempotent-appends).
   * @throws VersionConflict the stream is not at `expected`
   * @throws EventTooLarge one event over MAX_EVENT_BYTES or the append over MAX_APPEND_BYTES
   * @throws InvalidEvent data that JSON cannot hold, an id that is no UUID or comes twice, a stream name that
   *   is empty or begins with `$`, a revision that no stream can have
   * @throws StreamDeleted an administrator deleted the stream for good
   * @throws StoreUnavailable the store did not answer (the outcome may be unknown)
   */
  append(
    stream: string,
    events: readonly NewEvent[],
    options: {
      readonly expected: ExpectedRevision;
      /** The ids were made for this append, so no store can hold them: what it confirms are these bytes. */
      readonly idsAreNew?: boolean;
    },
  ): Promise<AppendResult>;

  /**
   * A stream's events in order; an unknown stream is an empty list. Default: forwards from the first
   * (backwards: from the last), at most 1,000 events. `from` is inclusive in both directions.
   * @throws StreamDeleted, StoreUnavailable
   */
  read(
    stream: string,
    options?: {
      readonly from?: bigint;
      readonly direction?: 'forwards' | 'backwards';
      readonly limit?: number;
    },
  ): Promise<readonly StoredEvent[]>;

  /**
   * Catch-up subscription over all streams, in commit order, without gaps, at least once, starting after
   * `after`. Survives restarts of the store (it reconnects from where it was); ends only by `signal`.
   */
  subscribe(options: {
    readonly after: Position;
    readonly filter?: EventFilter;
    /** Upper bound of events per batch. Default 500 (docs/design/performance.md#batch-size). */
    readonly batchSize?: number;
    readonly signal: AbortSignal;
  }): AsyncIterable<EventBatch>;

  /**
   * Why this store hands out fewer events of a stream than it got: what an administrator set in its metadata. Null:
   * nothing was set. Absent where the store knows no such setting. @throws StreamDeleted, StoreUnavailable
   */
  shortened?(stream: string): Promise<string | null>;

  /**
   * Every stream of which an administrator deleted or cut something, as the store's own log says now. Absent where the
   * store has no such log. For audits: looks at the whole store. @throws StoreUnavailable
   */
  deletions?(): Promise<readonly ShortenedStream[]>;

  /** Position of the store's last event; START for an empty store. */
  head(): Promise<Position>;

  /**
   * How many events come after `position`. For monitoring only: a store that cannot count without reading stops at
   * MOST_BEHIND. A position after the last event says nothing: the server's own events have positions, too.
   * @throws StoreUnavailable
   */
  behind(position: Position): Promise<number>;

  /** Random id of this database: shows that a checkpoint belongs to another one. Made by the first who asks for it. */
  storeId(): Promise<string>;

  /**
   * The id of the store that answers now: never from memory, and never made. Null: it has none, so nothing was ever
   * written to it.
   * @throws StoreUnavailable
   */
  identity(): Promise<string | null>;

  /**
   * Holds a connection to the store. Resolves when it is there; `ended` is called once when it ends, for whatever reason
   * but `signal`: from then on another store may answer under the same address.
   * @throws StoreUnavailable
   */
  watch(ended: () => void, signal: AbortSignal): Promise<void>;

  close(): Promise<void>;
}

/** What is needed to see which store it is. */
export type StoreLook = Pick<EventStore, 'identity' | 'read' | 'shortened'>;

/**
 * Called by an adapter on each new connection, before what is written or read there counts.
 * @throws StoreChanged it is not the store of this installation
 */
export type VerifyStore = (look: StoreLook) => Promise<void>;

export const MOST_BEHIND = 5_000;
export const MAX_EVENT_BYTES = 512 * 1024;
export const MAX_APPEND_BYTES = 1_000_000;

/** The stream moved on: reload, decide again. `actual` is -1n when the stream does not exist. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: bigint,
  ) {
    super(`${stream}: expected revision ${String(expected)}, is at ${String(actual)}`);
  }
}

/** The store answers that the stream was deleted for good: a tombstone (docs/design/reliability.md#whole-streams). */
export class StreamDeleted extends Error {
  override readonly name = 'StreamDeleted';
  constructor(
    readonly stream: string,
    options?: ErrorOptions,
  ) {
    super(`${stream}: deleted for good`, options);
  }
}

export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
}
