/**
 * Where a channel keeps what its customers sent. `gone`: it will never be there (again). `later`: not now.
 * Nothing but the channel's own hosts is ever asked, whatever an id or an answer says.
 */
export type Fetched =
  | { readonly kind: 'open'; readonly content: AsyncIterable<Uint8Array> }
  | { readonly kind: 'gone' }
  | { readonly kind: 'later'; readonly code: string };

export interface MediaSource {
  /** `line`: as `Channel.lineFor` gave it. Never rejects; reading `content` may. */
  fetch(mediaId: string, line: string | null, signal: AbortSignal): Promise<Fetched>;
}
