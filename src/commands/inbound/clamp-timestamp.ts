/** The time of an inbound item, within what is possible. */

/** A clock may be wrong by minutes. Hours ahead means a local time sent as UTC, or nonsense. */
const AHEAD_MS = 60 * 60_000;

/**
 * Nothing happens after it arrives: a time from the future would keep the service window open and put the message below
 * every later answer. An earlier time is kept: channels deliver late (docs/design/whatsapp.md#delivery-guarantees).
 * @param receivedAt ISO 8601, when we received it
 */
export const clampTimestamp = <T extends { readonly sentAt: string }>(item: T, receivedAt: string): T =>
  Date.parse(item.sentAt) - Date.parse(receivedAt) > AHEAD_MS ? { ...item, sentAt: receivedAt } : item;
