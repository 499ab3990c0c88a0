/** What a channel tells of a customer only when it is asked (docs/design/channels.md#names-that-are-asked-for). */

/** `later`: it did not answer, or not now. `name` null: it does not say, and will not. */
export type AskedName =
  | { readonly kind: 'asked'; readonly name: string | null }
  | { readonly kind: 'later'; readonly code: string };

export interface NameSource {
  /**
   * @param userId the customer's id at the channel, without our prefix
   * @param line ours, to which they wrote
   */
  nameOf(userId: string, line: string, signal: AbortSignal): Promise<AskedName>;
}
