/**
 * Where a channel keeps what its customers sent. `gone`: it will never be there (again). `later`: not now.
 * Requests go to the channel's own hosts only, also when an id or an answer names another one.
 */
export type Fetched =
  | { readonly kind: 'open'; readonly content: AsyncIterable<Uint8Array> }
  | { readonly kind: 'gone' }
  | { readonly kind: 'later'; readonly code: string };

export interface MediaSource {
  /** `line`: our number, page or bot, from `ChannelSender.lineFor`. Never rejects; reading `content` may. */
  fetch(mediaId: string, line: string | null, signal: AbortSignal): Promise<Fetched>;
}
