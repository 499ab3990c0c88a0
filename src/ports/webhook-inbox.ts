/** Where the items of webhooks wait, durably, until they are events (docs/design/architecture.md#webhook-inbox). */
import type { Position } from './event-store.ts';

/** What one delivery of a webhook holds, item by item, as the normalizers made it. */
export interface InboxItem {
  /** The same for the same message, status or bot event, however often it is delivered. Holds no personal data. */
  readonly key: string;
  /** The key of the same item in a version before 0.3.0, where it may have been kept under it; null otherwise. */
  readonly formerKey: string | null;
  /** Items that share it become events one after the other. Holds no personal data. */
  readonly orderingKey: string;
  /** Items of different lanes take turns: division and channel. Empty when nobody waits for it. */
  readonly lane: string;
  /** The channel's own time of it, ISO 8601 UTC; `infinity`: it has none; null: nothing could read it. */
  readonly sentAt: string | null;
  /** `pending`: for the ingester. `ignored`: known, and without effect. `dead`: a dead letter, nothing can read it. */
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
  /** How long it has waited for another event that must come first; 0 when it did not wait. */
  readonly waitedMs: number;
}

/**
 * What an item led to: it shows, after a restore, whether the item is in the store
 * (docs/design/reliability.md#the-right-store).
 */
export interface Evidence {
  /** The last event of its own; null: it made none, for instance because they were there already. */
  readonly eventId: string | null;
  /** Of that event; else the end of the streams that it was about. */
  readonly position: Position;
}

/** The result of an item. `again`: an unexpected failure; later items of the same customer wait for it. */
export type ItemOutcome =
  | { readonly seq: string; readonly kind: 'done'; readonly evidence?: Evidence | undefined }
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
  /**
   * What was sent, or the item that was read from it. Personal data: super_admin only
   * (docs/design/api.md#dead-letters).
   */
  readonly payload: unknown;
}

/** A signed body as it was received. */
export interface WebhookDelivery {
  /** The name of a `WebhookForm`. */
  readonly form: string;
  /** Of the bot whose token came with a Telegram update; null for the other forms, which say it themselves. */
  readonly division: string | null;
  /** Our line, where its secret and not its body says which; null otherwise. */
  readonly line: string | null;
  readonly body: string;
  readonly receivedAt: string;
}

/** A delivery is durable here before its sender gets 200; the ingester empties the inbox. @throws StoreUnavailable */
export interface WebhookInbox {
  /**
   * Stores a delivery: durable when it resolves. Safe to repeat after an unknown outcome. A message that comes again with
   * other words is kept as a dead letter (docs/design/channels.md#identity-of-a-message).
   * @returns how many items were new, and how many had been delivered before
   */
  store(
    delivery: WebhookDelivery & { readonly items: readonly InboxItem[] },
  ): Promise<{ readonly accepted: number; readonly duplicates: number }>;
  /**
   * Items that are due: lanes take turns, of each customer at most `share` and in their order, none behind a failing
   * item of the same customer (docs/design/reliability.md#fair-ingestion).
   * @param except customers (ordering keys) that are left out
   */
  pending(limit: number, except: readonly string[], share?: number): Promise<readonly PendingItem[]>;
  /** Records many outcomes at once. Repeating it changes nothing. */
  settle(outcomes: readonly ItemOutcome[]): Promise<void>;
  backlog(): Promise<{
    readonly pending: number;
    readonly dead: number;
    readonly oldestPendingAt: string | null;
  }>;
  /** Newest first. `cursor`: the `nextCursor` of the page before; `division`: only those that name it. */
  deadLetters(
    limit: number,
    cursor: string | null,
    division?: string,
  ): Promise<{ readonly items: readonly DeadLetter[]; readonly nextCursor: string | null }>;
  /**
   * Deliveries with dead letters, oldest first; `after`: the id of the last one of the page before; `ids`: only those of
   * these dead letters.
   */
  deadDeliveries(
    limit: number,
    after: string | null,
    ids?: readonly string[],
  ): Promise<readonly (WebhookDelivery & { readonly id: string })[]>;
  /**
   * After a delivery was read again: of its dead letters, those of `pendingKeys` go to the ingester again, those of
   * `deadKeys` stay, and the others are done. What said something else than the first of its key stays for a person: nothing
   * that is read again can tell it from that one.
   */
  revive(id: string, pendingKeys: readonly string[], deadKeys: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Topic on which new inbox items are announced; the message says nothing. */
export const INBOX_TOPIC = 'webhook-inbox';
