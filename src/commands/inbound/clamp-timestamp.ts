/** When something happened, as far as a channel's word for it can be believed. */

/** Clocks go wrong by minutes; by hours it is a local time that was written down as UTC, or nonsense. */
const AHEAD_MS = 60 * 60_000;

/**
 * What came in cannot have happened after it came: a time from the future would hold the service window open, and stand
 * below every answer, for as long as it lies ahead. An earlier time is kept: channels deliver late (whatsapp.md 2).
 * @param receivedAt ISO 8601, when we took it
 */
export const clampTimestamp = <T extends { readonly sentAt: string }>(said: T, receivedAt: string): T =>
  Date.parse(said.sentAt) - Date.parse(receivedAt) > AHEAD_MS ? { ...said, sentAt: receivedAt } : said;
