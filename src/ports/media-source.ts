/**
 * Where a channel keeps what its customers sent. `gone`: it will never be there (again). `later`: not now.
 * Requests go to the channel's own hosts only, also when an id or an answer names another one.
 */
export type Fetched =
  | { readonly kind: 'open'; readonly content: AsyncIterable<Uint8Array> }
  | { readonly kind: 'gone' }
  | { readonly kind: 'later'; readonly code: string };

/** Our line that a message came to; null in messages of before it was kept. */
export interface ReceivedAt {
  readonly line: string | null;
  readonly division: string;
}

export interface MediaSource {
  /** `to`: where the message came. Never rejects; reading `content` may. */
  fetch(mediaId: string, to: ReceivedAt, signal: AbortSignal): Promise<Fetched>;
}

/** How much of a customer's media may be fetched on one day. The functions throw StoreUnavailable. */
export interface MediaQuota {
  /** Takes the place of one file. @returns false: the day's files or bytes are used up */
  take(customerId: string, day: string): Promise<boolean>;
  /** Counts the bytes of a file that was fetched: the one that goes over the limit is still kept. */
  add(customerId: string, day: string, bytes: number): Promise<void>;
}
