/**
 * What the house asks of the outside world: types and their errors, no implementation.
 * Adapters implement these; domain, commands, projections, http and jobs only ever see these.
 */

// ---------------------------------------------------------------- event store

/** Place of an event in the whole store: opaque, compare with `<`. Never parse it outside its adapter. */
export type Position = string;

/** The position before the first event of any store. */
export const START: Position = '';

/** Who caused an event. A person carries the role and division they had at that moment. */
export type Actor =
  | { readonly kind: 'user'; readonly id: string; readonly role: string; readonly division: string }
  | { readonly kind: 'customer' | 'bot' }
  | { readonly kind: 'system'; readonly process: string };

/** Stands beside every event (architecture.md 3). */
export interface EventMetadata {
  readonly actor: Actor;
  /** Groups everything that followed from one outside request. */
  readonly correlationId: string;
  /** The event or request that directly caused this one. */
  readonly causationId: string;
  readonly requestId: string;
  /** Domain time, ISO 8601 UTC. */
  readonly at: string;
  /** Version of the event's data; upcast on read. */
  readonly schemaVersion: number;
}

/** An event as it is handed to the store: already encoded, JSON only. */
export interface NewEvent {
  /** UUID. Append again with the same id and the same expectation: nothing is written twice. */
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: EventMetadata;
}

/** An event as the store gives it back: still raw, to be decoded by `domain/codec`. */
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
}

export interface EventFilter {
  /** Only streams whose name begins with one of these. */
  readonly streamPrefixes: readonly string[];
}

export interface EventBatch {
  readonly events: readonly StoredEvent[];
  /** Everything up to here was looked at: advances also when the filter let nothing through. */
  readonly checkpoint: Position;
  /** True when this batch reached what was the end of the store when it was read. A hint. */
  readonly caughtUp: boolean;
}

export interface EventStore {
  /**
   * All or none. Retrying after an unknown outcome is safe with the same ids and the same expectation:
   * the adapter does so itself a few times before it gives up.
   * @throws VersionConflict the stream is not at `expected`
   * @throws EventTooLarge one event over MAX_EVENT_BYTES or the append over MAX_APPEND_BYTES
   * @throws InvalidEvent data that JSON cannot hold
   * @throws StoreUnavailable the store did not answer (the outcome may be unknown)
   */
  append(
    stream: string,
    events: readonly NewEvent[],
    options: { readonly expected: ExpectedRevision },
  ): Promise<AppendResult>;

  /**
   * A stream's events in order; an unknown stream is an empty list. Default: forwards from the first
   * (backwards: from the last), at most 1,000 events. `from` is inclusive in both directions.
   * @throws StoreUnavailable
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
    /** Upper bound of events per batch. Default 500 (performance.md 0). */
    readonly batchSize?: number;
    readonly signal: AbortSignal;
  }): AsyncIterable<EventBatch>;

  /** Position of the store's last event; START for an empty store. */
  head(): Promise<Position>;

  /** Random id of this very database, to recognise a checkpoint that belongs to another one. */
  storeId(): Promise<string>;

  close(): Promise<void>;
}

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

export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
}

/** A store (events, read tables, ...) did not answer in time. HTTP: 503 with Retry-After. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  constructor(
    readonly store: 'events' | 'read' | 'webhook',
    options?: { readonly cause?: unknown },
  ) {
    super(`${store} store is not available`, options);
  }
}

// ---------------------------------------------------------------- read tables

/** What a reader may see. Every query on a read table runs inside one of these (architecture.md 5). */
export type Scope =
  | { readonly kind: 'division'; readonly division: string; readonly userId: string }
  | { readonly kind: 'all'; readonly userId: string }
  /** One ticket of another division that was assigned to the reader. */
  | {
      readonly kind: 'ticket';
      readonly division: string;
      readonly ticketId: string;
      readonly userId: string;
    };

/** A compiled statement. With a name it is prepared once per connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface Sql {
  query<Row extends object>(statement: Statement): Promise<Row[]>;
}

/** Read access to the read tables: no query without a scope. @throws StoreUnavailable */
export interface ReadStore {
  /** Runs `work` in one read-only transaction as the reader role of `scope`, under row-level security. */
  scoped<T>(scope: Scope, work: (sql: Sql) => Promise<T>): Promise<T>;
}

/** Write access for the projector and for operational tables. @throws StoreUnavailable */
export interface WriteStore {
  /** One transaction; rolled back when `work` throws. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** One statement in its own transaction. */
  query<Row extends object>(statement: Statement): Promise<Row[]>;
}

// ---------------------------------------------------------------- time and identity

export interface Clock {
  now(): Date;
}

export interface Ids {
  /** A fresh UUID v7. */
  next(): string;
  /** The same UUID (v5) for the same words, for ids that must survive a retry. */
  from(...words: readonly string[]): string;
  /** The same UUID v7 for the same moment and words. */
  fromAt(at: Date, ...words: readonly string[]): string;
}

// ---------------------------------------------------------------- between processes

/** Best-effort messages to every process of the installation, this one included. Losing one loses no data. */
export interface Fanout {
  publish(topic: string, message: unknown): void;
  /** @returns a function that ends the subscription */
  subscribe(topic: string, onMessage: (message: unknown) => void): () => void;
  close(): Promise<void>;
}

export interface RateLimiter {
  /** Takes one from `key`'s allowance of `limit` per `windowSeconds`. `retryAfter` in whole seconds. */
  take(
    key: string,
    limit: number,
    windowSeconds: number,
  ): Promise<{ readonly allowed: boolean; readonly retryAfter: number }>;
  /** Looks without taking: is `key` exhausted? */
  peek(
    key: string,
    limit: number,
    windowSeconds: number,
  ): Promise<{ readonly allowed: boolean; readonly retryAfter: number }>;
}

/** One holder per name in the whole installation. */
export interface Leases {
  /**
   * Waits for the lease `name`, runs `work` while it is held, waits again when it was lost; returns when
   * `signal` aborts. `work` must stop when its own signal aborts (lease lost or shutdown).
   */
  hold(
    name: string,
    signal: AbortSignal,
    work: (lease: { readonly epoch: bigint; readonly signal: AbortSignal }) => Promise<void>,
  ): Promise<void>;
}

export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

// ---------------------------------------------------------------- signing in

export interface Passwords {
  /** Argon2id, PHC string. */
  hash(password: string): Promise<string>;
  /** With `null` (no such account) it takes as long as with a real hash, and is false. */
  verify(hash: string | null, password: string): Promise<boolean>;
}

/** Signed-in sessions and their refresh tokens; only hashes of the tokens are kept. @throws StoreUnavailable */
export interface Sessions {
  start(userId: string): Promise<{ readonly sessionId: string; readonly refreshToken: string }>;
  /**
   * Trades a refresh token for its successor. A token that was traded before is stolen or replayed: the
   * whole session ends. `ended`: it did so now or earlier, or ran out. `unknown`: never issued.
   */
  rotate(refreshToken: string): Promise<
    | {
        readonly outcome: 'rotated';
        readonly sessionId: string;
        readonly userId: string;
        readonly refreshToken: string;
      }
    | { readonly outcome: 'ended'; readonly sessionId: string }
    | { readonly outcome: 'unknown' }
  >;
  isLive(sessionId: string): Promise<boolean>;
  end(sessionId: string, because: 'logout' | 'reuse' | 'inactive'): Promise<void>;
  /** @returns the ids of the sessions that were live until now */
  endAllOf(userId: string, because: 'password'): Promise<readonly string[]>;
  /** Deletes what ran out. @returns how many sessions went */
  purge(): Promise<number>;
}

/** First answers by caller and `Idempotency-Key` (architecture.md 4). @throws StoreUnavailable */
export interface IdempotencyKeys {
  /**
   * `mine`: run it; `operationId` stays the same when a crashed or failed run is claimed again, so ids
   * derived from it do too. `done`: it ran, this was the answer. `busy`: it runs right now.
   * `other`: the key belongs to another request (fingerprint).
   */
  claim(
    callerId: string,
    key: string,
    fingerprint: string,
  ): Promise<
    | { readonly state: 'mine'; readonly operationId: string }
    | { readonly state: 'done'; readonly status: number; readonly body: string }
    | { readonly state: 'busy' | 'other' }
  >;
  /** Keeps the answer for everybody who comes with the same key until it expires. */
  finish(operationId: string, answer: { readonly status: number; readonly body: string }): Promise<void>;
  /** Gives the claim back after a failure that a retry may mend; the operation id stays. */
  release(operationId: string): Promise<void>;
  /** Deletes what expired. @returns how many */
  purge(): Promise<number>;
}

// ---------------------------------------------------------------- secrets

/**
 * Keyed hash of a personal value, so that it can be looked up without being stored in clear
 * (reliability.md 4.3). Hex; the same value hashes differently for different purposes.
 */
export type BlindIndex = (purpose: 'customer' | 'email' | 'ordering', value: string) => string;

// ---------------------------------------------------------------- webhook inbox

/** What one delivery of a webhook holds, item by item, as the normalizers made it. */
export interface InboxItem {
  /** The same for the same message, status or bot event, however often it is delivered. Holds no personal data. */
  readonly key: string;
  /** Items that share it become events one after the other. Holds no personal data. */
  readonly orderingKey: string;
  /** `pending`: for the ingester. `ignored`: known, and without effect. `dead`: nobody knows what to do with it. */
  readonly state: 'pending' | 'ignored' | 'dead';
  /** Why it is ignored or dead; null when pending. */
  readonly reason: string | null;
  /** JSON text: of an `Inbound` when pending, else of the part of the body. */
  readonly item: string;
}

export interface PendingItem {
  readonly seq: string;
  readonly key: string;
  readonly orderingKey: string;
  readonly item: string;
  /** ISO 8601 UTC. */
  readonly receivedAt: string;
  readonly attempts: number;
  /** How long it has waited already for something that has to come first; 0 when it never did. */
  readonly waitedMs: number;
}

/** What became of an item. `again`: it failed unexpectedly and holds its customer's later items back. */
export type ItemOutcome =
  | { readonly seq: string; readonly kind: 'done' }
  | { readonly seq: string; readonly kind: 'dead'; readonly reason: string }
  | {
      readonly seq: string;
      readonly kind: 'later' | 'again';
      readonly reason: string;
      readonly delayMs: number;
    };

export interface DeadLetter {
  readonly id: string;
  readonly reason: string;
  readonly receivedAt: string;
  readonly attempts: number;
  /** What was sent, or what it was understood as. Personal data: super_admin only (contract.md 5). */
  readonly payload: unknown;
}

/** Deliveries are durable here before the sender hears 200; the ingester empties it. @throws StoreUnavailable */
export interface WebhookInbox {
  /**
   * Stores a delivery: durable when it resolves. Safe to repeat after an unknown outcome.
   * @returns how many items were new, and how many had been delivered before
   */
  store(delivery: {
    readonly form: 'meta' | 'telegram' | 'normalized';
    readonly body: string;
    readonly receivedAt: string;
    readonly items: readonly InboxItem[];
  }): Promise<{ readonly accepted: number; readonly duplicates: number }>;
  /** Items that are due, oldest first, none behind a failing item of the same customer, none of `except`. */
  pending(limit: number, except: readonly string[]): Promise<readonly PendingItem[]>;
  /** Records many outcomes at once. Repeating it changes nothing. */
  settle(outcomes: readonly ItemOutcome[]): Promise<void>;
  backlog(): Promise<{
    readonly pending: number;
    readonly dead: number;
    readonly oldestPendingAt: string | null;
  }>;
  /** Newest first. `cursor`: the `nextCursor` of the page before. */
  deadLetters(
    limit: number,
    cursor: string | null,
  ): Promise<{ readonly items: readonly DeadLetter[]; readonly nextCursor: string | null }>;
  close(): Promise<void>;
}

/** Topic on which new inbox items are announced; the message says nothing. */
export const INBOX_TOPIC = 'webhook-inbox';
